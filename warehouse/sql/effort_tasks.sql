-- One row per task and arm in scope: what its calls wrote, took and cost. A task has several rows where it used several.
with call as (
    select
        task, seller, model, coalesce(reasoning_effort, tags['effort'], tags['tier']) as effort, start_at, day,
        output, latency_ms, cost, currency, costing, coalesce(tags['work'], tags['eval_task']) as work
    from usage_row_priced
    where task is not null and error_category is null and true
)
select
    task, model, seller, effort, min(start_at) as first_at, max(start_at) as last_at, min(day) as first_day,
    count(*) as calls, min(work) as work,
    case when count(output) = count(*) then sum(output) end as output,
    case when count(output) = count(*) then avg(ln(greatest(output, 1))) end as log_output,
    case when count(latency_ms) = count(*) then sum(latency_ms) end as latency_ms,
    case when bool_or(costing = 'unknown') or min(currency) is distinct from max(currency) then null
        else cast(sum(cast(cost as decimal(38, 0))) as varchar) end as cost,
    min(currency) as currency
from call
group by task, model, seller, effort
order by task, calls desc, model, seller, effort;
