-- One row per group, currency before and after, and reason: what a recorded re-rate found.
select
    currency, cast(sum(cost) as decimal(38, 0)) as cost, new_currency,
    cast(sum(new_cost) as decimal(38, 0)) as new_cost,
    cast(coalesce(sum(requests) filter (new_rate_id is distinct from rate_id), 0) as bigint) as requests,
    cast(sum(requests) as bigint) as all_requests, new_unpriced_reason
from rerate_cell
where run_id = $run_id and true
group by all
order by all;
