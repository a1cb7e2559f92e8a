-- One row per day, seller, model, team, currency before and after, and reason: what a re-rate changes.
select
    day, seller, model, team, currency, cast(sum(cost) as decimal(38, 0)) as cost, new_currency,
    cast(sum(new_cost) as decimal(38, 0)) as new_cost,
    cast(coalesce(sum(requests) filter (new_rate_id is distinct from rate_id), 0) as bigint) as requests,
    cast(sum(requests) as bigint) as all_requests, new_unpriced_reason
from run_result
group by day, seller, model, team, currency, new_currency, new_unpriced_reason
order by day, seller, model, team, currency, new_currency, new_unpriced_reason;
