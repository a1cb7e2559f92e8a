-- One row per group, currency and piece of work of several tasks, or of one that may have others: its tasks of known cost,
-- and those of them whose end is known. Then one per group and currency: what all its pieces of work add up to.
repeated as (
    select
        case $by when 'model' then nullif(array_to_string(models, ' + '), '') when 'team' then team when 'kind' then kind end
            as name,
        currency, min(task) as first, cast(sum(cost) as decimal(38, 0)) as total, count(*) as tasks,
        cast(coalesce(sum(cost) filter (resolved is not null), 0) as decimal(38, 0)) as judged_total,
        count(resolved) as judged, count(*) filter (resolved) as resolved
    from task_repeated
    group by name, currency, work
),
-- Each task that is a piece of work of its own stands in the sums already.
part as (
    select
        case $by when 'model' then model when 'team' then team when 'kind' then kind end as name, currency, tasks, total,
        case when resolved is null then 0 else tasks end as judged,
        case when resolved is null then 0 else total end as judged_total,
        case when resolved then tasks else 0 end as resolved, tasks as works,
        case when resolved is null then 0 else tasks end as judged_works, dearest
    from task_sum
    where is_known and not may_repeat
    union all
    select
        name, currency, tasks, total, judged, judged_total, resolved, 1, case when judged > 0 then 1 else 0 end, total
    from repeated
),
worth as (
    select
        name, currency, sum(tasks) as tasks, sum(total) as total, sum(judged) as judged,
        sum(judged_total) as judged_total, sum(resolved) as resolved, sum(works) as works,
        -- Those of which each is needed: where they are many, the rest is told by its sums.
        sum(judged_works) as judged_works, max(dearest) as largest,
        cast(sum(total) as double) / cast(sum(tasks) as double) as mean
    from part
    group by name, currency
)
