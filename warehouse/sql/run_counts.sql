-- One row: calls in a re-rate, those with another rate, those looked at one by one, and a digest of calls and costs.
select
    cast(coalesce(sum(requests), 0) as bigint),
    cast(coalesce(sum(requests) filter (new_rate_id is distinct from rate_id), 0) as bigint),
    cast(coalesce(sum(requests) filter (is_cut), 0) as bigint),
    md5(coalesce((
        select string_agg(concat_ws('|', hour_at, seller, model, team, rate_id, costing, currency, calls, was), chr(10)
            order by hour_at, seller, model, team, rate_id, costing, currency)
        from (
            select hour_at, seller, model, team, rate_id, costing, currency, sum(requests) as calls, sum(cost) as was
            from run_result
            group by hour_at, seller, model, team, rate_id, costing, currency
        )), ''))
from run_result;
