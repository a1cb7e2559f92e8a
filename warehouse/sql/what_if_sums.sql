-- One row per terms that calls share whatever the hour, as what_if_whole, and whether a rate cuts them.
with sums as (
    select
        seller, model, team, org, region, tier, context_bucket, costing, rate_id, currency, unpriced_reason,
        sum(requests) as requests, sum(negative) as negative,
        sum(columns('^(input|cache_read|cache_write|cache_write_5m|cache_write_1h|output|input_image|input_audio|input_video|output_audio|output_image|web_search|request)$'))
    from usage_hour
    where true
    group by seller, model, team, org, region, tier, context_bucket, costing, rate_id, currency, unpriced_reason
),
-- include: what_if_bucket
cell as (
    select
        c.* exclude (negative), coalesce(len(list_filter(e.sizes, lambda x: x <= b.least)), 0) as size,
        case when c.costing = 'unknown' and c.unpriced_reason like 'no %rate' then 'no rate' else c.costing end as kind,
        (c.costing = 'rated' or c.costing = 'unknown' and c.unpriced_reason like 'no %rate')
        and coalesce(
            c.negative > 0
            or len(list_filter(e.sizes, lambda x: x > b.least and x < b.until)) > 0
            or (e.lacks & (
-- include: meters_used
            )) > 0, false)
        or coalesce(c.costing = 'unknown' and c.unpriced_reason not like 'no %rate'
            and c.unpriced_reason <> 'usage missing' and e.moves, false)
            as is_cut
    from sums c
    left join what_if_edge e on e.seller is not distinct from c.seller and e.model is not distinct from c.model
    left join bucket b on b.context_bucket = c.context_bucket
)
select
    seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason,
    cast(null as boolean) as failed, 0 as stretch, cast([] as bigint[]) as hours, size, 0 as used,
    cast(null as varchar) as single, cast(requests as bigint) as requests, is_cut,
    cast(0 as bigint) as below, cast(0 as bigint) as above,
    coalesce(columns('^charged_'), 0)
from (
    select
        * exclude (requests), requests,
-- include: charged
    from cell
)
order by all;
