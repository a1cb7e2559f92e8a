-- One row per day, report and grouping of the load's sums: it is now the newest that was asked for.
delete from sum_asked s
where s.source = getvariable('load_source') and exists (
    select 1 from asked_found a where a.report = s.report and a.grouped_by = s.grouped_by and a.day = s.day);
insert into sum_asked by name
select
    getvariable('load_source') as source, report, grouped_by, day, max(asked_at) as asked_at,
    cast($file_id as integer) as file_id
from asked_found
group by report, grouped_by, day;
