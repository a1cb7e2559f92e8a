-- One row per group, currency and piece of work: its tasks of known cost, and those of them whose end is known.
with
-- include: task_grouped
select
    cast(sum(cost) as double) as totals, cast(count(*) as double) as tasks,
    cast(coalesce(sum(cost) filter (resolved is not null), 0) as double) as judged_totals,
    cast(count(resolved) as double) as judged, cast(count(*) filter (resolved) as double) as resolved
from grouped
where cost is not null
group by name, currency, work
order by name nulls last, currency, min(task);
