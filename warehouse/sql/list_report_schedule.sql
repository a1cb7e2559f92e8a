-- One row per schedule of reports that was not removed, in the order of their numbers.
select report_schedule_id, name, document, first_day, changed_at, changed_by
from report_schedule
where removed_at is null
order by report_schedule_id;
