-- One row per hour (UTC), model and key of what the calls of one seller cost in one currency.
select
    date_trunc('hour', start_at) as hour_at, coalesce(model_served, model_requested) as model,
    case when $by_key then key_alias end as key, cast(sum(cast(cost as decimal(38, 0))) as varchar)
from usage_priced
where counted and granularity in ('request', 'iteration') and seller = $seller and currency = $currency
    and costing <> 'unknown' and not (coalesce(byok, false) or coalesce(cost_reported_kind = 'upstream', false))
    and start_at >= cast($since as timestamp) - interval 2 day and start_at < cast($until as timestamp) + interval 3 day
group by hour_at, model, key
order by hour_at, model, key;
