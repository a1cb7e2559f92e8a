-- One row per task and arm in scope: what its calls wrote, took and cost. A task has several rows where it used several.
with call as (
    select
        task, seller, model, coalesce(reasoning_effort, tags['effort'], tags['tier']) as effort, start_at, day,
        output, latency_ms, cost, currency, costing = 'unknown' as is_unknown, error_category is not null as has_failed,
        coalesce(tags['work'], tags['eval_task']) as work, coalesce(tags['kind'], tags['task_kind']) as kind,
        video, image, json_schema, tools
    from usage_row_priced
    where task is not null and true
),
-- What failed tells no arm, and may name its model otherwise: but it was paid for, and waited for, by the task.
failed as (
    select
        task, bool_or(is_unknown) as is_unknown, sum(cast(cost as decimal(38, 0))) as cost,
        min(currency) filter (cost <> 0) as first_currency, max(currency) filter (cost <> 0) as last_currency,
        sum(latency_ms) as latency_ms
    from call
    where has_failed
    group by task
),
arm as (
    select
        task, model, seller, effort, min(start_at) as first_at, max(start_at) as last_at, min(day) as first_day,
        count(*) as calls, min(work) as work,
        case
            when min(kind) <> max(kind) then 'several'
            when min(kind) is not null then min(kind)
            when bool_or(video) then 'calls with video'
            when bool_or(image) then 'calls with images'
            when bool_or(json_schema) then 'calls with a JSON schema'
            when bool_or(tools) then 'calls with tools'
            when coalesce(bool_or(video), bool_or(image), bool_or(json_schema), bool_or(tools)) is false
                then 'calls with text alone'
        end as kind,
        case when count(output) = count(*) then sum(output) end as output,
        case when count(output) = count(*) then avg(ln(greatest(output, 1))) end as log_output,
        case when count(latency_ms) = count(*) then sum(latency_ms) end as latency_ms,
        bool_or(is_unknown) or min(currency) is distinct from max(currency) as is_unknown,
        sum(cast(cost as decimal(38, 0))) as cost, min(currency) as currency
    from call
    where not has_failed
    group by task, model, seller, effort
)
select
    a.task, a.model, a.seller, a.effort, a.first_at, a.last_at, a.first_day, a.calls, a.work, a.kind, a.output, a.log_output,
    a.latency_ms + coalesce(f.latency_ms, 0) as latency_ms,
    case
        when a.is_unknown or coalesce(f.is_unknown, false)
            or coalesce(f.first_currency, a.currency) is distinct from a.currency
            or coalesce(f.last_currency, a.currency) is distinct from a.currency then null
        else cast(a.cost + coalesce(f.cost, 0) as varchar)
    end as cost,
    a.currency
from arm a
left join failed f using (task)
order by a.task, a.calls desc, a.model, a.seller, a.effort;
