-- One row per group of tasks, that with most tasks first; its steps are NULL where those of a task were not counted.
with grouped as (
    select *, case $by when 'model' then model when 'team' then team when 'kind' then kind end as name from task_sum
)
select
    name, cast(sum(tasks) as bigint), cast(sum(unknown) as bigint),
    cast(coalesce(sum(tasks - unknown) filter (not is_known), 0) as bigint),
    cast(sum(requests) as bigint), cast(sum(unpriced) as bigint),
    case when sum(counted) = sum(tasks) then cast(sum(steps) as bigint) end,
    cast(coalesce(sum(tasks) filter (resolved is not null), 0) as bigint),
    cast(coalesce(sum(tasks) filter (resolved), 0) as bigint)
from grouped
group by name
order by sum(tasks) desc, name nulls last;
