-- One row per tier and context bucket of the calls in scope that are charged: how many they are, and what they use.
select
    tier, context_bucket, cast(sum(requests) as bigint) as requests,
    cast(coalesce(sum(columns('^charged_')), 0) as decimal(38, 0))
from (
    select
        tier, context_bucket, 1 as requests,
-- include: charged
    from (
-- include: traffic_rows
    )
    where granularity = 'request' and gateway_cache_hit is distinct from true and true
)
group by tier, context_bucket
order by tier, context_bucket;
