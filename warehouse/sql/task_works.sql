-- One row per group, currency and piece of work; where they are more than are drawn, per judged one alone.
with
-- include: task_grouped
,
-- include: task_pieces
,
piece as (
    select name, currency, first, total, tasks, judged_total, judged, resolved from repeated
    union all
    select
        name, currency, task, cast(cost as decimal(38, 0)), 1,
        case when resolved is null then 0 else cast(cost as decimal(38, 0)) end,
        case when resolved is null then 0 else 1 end, case when resolved then 1 else 0 end
    from grouped
    where cost is not null and not may_repeat
)
select
    cast(p.total as double) as totals, cast(p.tasks as double) as tasks, cast(p.judged_total as double) as judged_totals,
    cast(p.judged as double) as judged, cast(p.resolved as double) as resolved
from piece p
join worth w on w.name is not distinct from p.name and w.currency = p.currency
where w.works <= $drawn or p.judged > 0
order by p.name nulls last, p.currency, p.first;
