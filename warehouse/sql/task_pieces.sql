-- One row per group, currency and piece of work: its tasks of known cost, and those of them whose end is known.
piece as not materialized (
    select
        name, currency, task as first, cast(cost as decimal(38, 0)) as total, 1 as tasks,
        case when resolved is null then 0 else cast(cost as decimal(38, 0)) end as judged_total,
        case when resolved is null then 0 else 1 end as judged, case when resolved then 1 else 0 end as resolved
    from grouped
    where cost is not null and not may_repeat
    union all
    select
        name, currency, min(task), cast(sum(cost) as decimal(38, 0)), count(*),
        cast(coalesce(sum(cost) filter (resolved is not null), 0) as decimal(38, 0)),
        count(resolved), count(*) filter (resolved)
    from grouped
    where cost is not null and may_repeat
    group by name, currency, work
),
worth as (
    select
        name, currency, sum(tasks) as tasks, sum(total) as total, sum(judged) as judged,
        sum(judged_total) as judged_total, sum(resolved) as resolved, count(*) as works,
        -- Those of which each is needed: where they are many, the rest is told by its sums.
        count(*) filter (judged > 0) as judged_works, max(total) as largest,
        cast(sum(total) as double) / cast(sum(tasks) as double) as mean
    from piece
    group by name, currency
)
