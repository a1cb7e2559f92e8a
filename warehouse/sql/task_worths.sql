-- One row per group and currency: its tasks of known cost, those of them whose end is known, and the pieces of work.
with
-- include: task_grouped
,
-- include: task_pieces
select
    w.name, w.currency, cast(any_value(w.tasks) as bigint), cast(any_value(w.total) as decimal(38, 0)),
    cast(any_value(w.judged) as bigint), cast(any_value(w.judged_total) as decimal(38, 0)),
    cast(any_value(w.resolved) as bigint), any_value(w.works),
    any_value(case when w.works <= $drawn then w.works else w.judged_works end), any_value(w.largest),
    -- Whole numbers, so that the order in which they are added does not show.
    cast(sum(cast(coalesce(((p.total / nullif(w.mean, 0)) - p.tasks) ** 2, 0) * 1e20 as hugeint)) as double) / 1e20
from piece p
join worth w on w.name is not distinct from p.name and w.currency = p.currency
group by w.name, w.currency
order by w.name nulls last, w.currency;
