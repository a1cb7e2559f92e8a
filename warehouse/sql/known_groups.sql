-- One row per seller, model, currency and what is known of calls: how many attempts, and the band of those under review.
select
    seller, model, case when costing <> 'unknown' then currency end as currency,
    case when costing = 'unknown' then unpriced_reason end as reason,
    usage_status <> 'missing' and coalesce(input, output) is not null as has_usage,
    cast(sum(requests) as bigint), cast(sum(partial) as bigint), 0 as confirmed,
    cast(sum(case when costing <> 'unknown' then cost end) as decimal(38, 0)),
    cast(coalesce(sum(band_low), 0) as decimal(38, 0)), cast(coalesce(sum(band_high), 0) as decimal(38, 0))
from usage_day_detail_priced
where true
group by all
order by seller nulls last, model nulls last, currency nulls last, reason;
