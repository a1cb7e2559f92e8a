-- One row per touched task: when, how many calls, and one amount per currency.
insert into task_cost by name
-- As in the view task_rate_priced, on the touched tasks alone: the view would price every task there is.
with priced as (
    select
        c.task, c.currency,
        case c.costing
            when 'rated' then
-- include: token_cost
            when 'free' then 0
        end as cost
    from (select * from task_rate where currency is not null and task in (select task from touched_task)) c
    left join rate r on r.rate_id = c.rate_id
),
money as (
    select task, map_from_entries(list_sort(list((currency, cost)))) as costs, count(*) as currencies,
        any_value(currency) as currency, any_value(cost) as cost
    from (
        select task, currency, cast(sum(cast(cost as decimal(38, 0))) as decimal(38, 0)) as cost
        from priced
        group by task, currency
        -- A refused call in another currency is no second currency of the task.
        qualify sum(cost) <> 0 or max(abs(sum(cost))) over (partition by task) = 0
    )
    group by task
),
calls as (
    select
        task, sum(requests) as requests, sum(errors) as errors,
        coalesce(sum(requests) filter (costing = 'unknown'), 0) as unpriced, sum(review) as review,
        sum(partial) as partial, count(distinct model) as models,
        arg_max(model, (requests, model)) as model, arg_max(team, (requests, team)) as team,
        sum(input) + coalesce(sum(input_image), 0) + coalesce(sum(input_audio), 0) + coalesce(sum(input_video), 0) as input,
        sum(cache_read) as cache_read,
        coalesce(sum(cache_write_5m), 0) + coalesce(sum(cache_write_1h), 0) + coalesce(sum(cache_write), 0)
            as cache_written,
        sum(output) + coalesce(sum(output_audio), 0) + coalesce(sum(output_image), 0) as output,
        sum(reasoning) as reasoning, sum(band_low) as band_low, sum(band_high) as band_high,
        -- Of one currency alone: amounts of several are no sum.
        case when min(cost_reported_currency) = max(cost_reported_currency)
            then cast(sum(cost_reported) as decimal(38, 0)) end as cost_reported,
        case when min(cost_reported_currency) = max(cost_reported_currency) then min(cost_reported_currency) end
            as cost_reported_currency,
        sum(reported) as reported
    from task_rate
    where task in (select task from touched_task)
    group by task
),
times as (
    select task, min(start_at) as first_at, max(start_at) as last_at, max(step) as last_step
    from usage_by_task
    where counted and start_at >= $from and start_at <= $until and task in (select task from touched_task)
    group by task
)
select
    calls.*, times.* exclude (task), coalesce(money.costs, map {}) as costs,
    case when money.currencies = 1 then money.currency end as currency,
    case when money.currencies = 1 then money.cost end as cost
from calls
join times using (task)
left join money using (task)
order by first_at;
