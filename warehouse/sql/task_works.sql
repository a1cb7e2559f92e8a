-- One row per group, currency and piece of work; where they are more than are drawn, per judged one alone.
with
-- include: task_grouped
,
-- include: task_pieces
select
    cast(p.total as double) as totals, cast(p.tasks as double) as tasks, cast(p.judged_total as double) as judged_totals,
    cast(p.judged as double) as judged, cast(p.resolved as double) as resolved
from piece p
join worth w on w.name is not distinct from p.name and w.currency = p.currency
where w.works <= $drawn or p.judged > 0
order by p.name nulls last, p.currency, p.first;
