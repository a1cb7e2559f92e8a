-- Adds one schedule of reports; gives its number back, one row.
insert into report_schedule by name
select
    coalesce(max(report_schedule_id), 0) + 1 as report_schedule_id, $name as name, $document as document,
    cast($first as date) as first_day, cast($now as timestamp) as changed_at, $who as changed_by
from report_schedule
returning report_schedule_id;
