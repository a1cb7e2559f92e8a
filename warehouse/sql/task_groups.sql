-- One row per group of tasks, that with most tasks first; its steps are NULL where those of a task were not counted.
with
-- include: task_grouped
select
    name, count(*), count(*) filter (unpriced > 0), count(*) filter (unpriced = 0 and cost is null),
    cast(sum(requests) as bigint), cast(sum(unpriced) as bigint),
    case when count(steps) = count(*) then cast(sum(steps) as bigint) end, count(resolved), count(*) filter (resolved)
from grouped
group by name
order by count(*) desc, name nulls last;
