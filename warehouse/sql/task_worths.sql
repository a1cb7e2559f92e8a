-- One row per group and currency: its tasks of known cost, those of them whose end is known, and the pieces of work.
with
-- include: task_grouped
,
-- include: task_pieces
,
-- Whole numbers, so that the order in which they are added does not show.
square as (
    select w.name, w.currency, cast(coalesce(((g.cost / nullif(w.mean, 0)) - 1) ** 2, 0) * 1e20 as hugeint) as far
    from grouped g
    join worth w on w.name is not distinct from g.name and w.currency = g.currency
    where g.cost is not null and not g.may_repeat
    union all
    select w.name, w.currency, cast(coalesce(((p.total / nullif(w.mean, 0)) - p.tasks) ** 2, 0) * 1e20 as hugeint)
    from repeated p
    join worth w on w.name is not distinct from p.name and w.currency = p.currency
),
spread as (
    select name, currency, cast(sum(far) as double) / 1e20 as squares from square group by name, currency
)
select
    w.name, w.currency, cast(w.tasks as bigint), cast(w.total as decimal(38, 0)), cast(w.judged as bigint),
    cast(w.judged_total as decimal(38, 0)), cast(w.resolved as bigint), cast(w.works as bigint),
    cast(case when w.works <= $drawn then w.works else w.judged_works end as bigint), w.largest, s.squares
from worth w
join spread s on s.name is not distinct from w.name and s.currency = w.currency
order by w.name nulls last, w.currency;
