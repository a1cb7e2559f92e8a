-- One row per terms that calls share, of cells that no edge cuts: calls, and what they are charged for.
select
    seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason,
    cast(null as boolean) as failed, stretch, hours, size, 0 as used, cast(null as varchar) as single,
    cast(sum(requests) as bigint) as requests, false as is_cut,
    cast(0 as bigint) as below, cast(0 as bigint) as above,
    cast(coalesce(sum(columns('^charged_')), 0) as decimal(38, 0))
from (
    select
        seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason, stretch,
        hours, size, requests,
-- include: charged
    from what_if_cell
    where not is_cut
)
group by seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason, stretch, hours,
    size
order by all;
