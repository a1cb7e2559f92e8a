-- One row per seller, model, currency and what is known of calls: how many attempts, and the band of those under review.
with call as (
    select *
    from (
        select
            *, coalesce(model_served, model_requested) as model,
            cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
        from usage_priced
        where counted and granularity in ('request', 'iteration')
    )
    where true
)
select
    seller, model, case when costing <> 'unknown' then currency end as currency,
    case when costing = 'unknown' then unpriced_reason end as reason,
    usage_status <> 'missing' and coalesce(input, output) is not null as has_usage,
    count(*), count(*) filter (usage_status = 'partial'), count(*) filter (cost_reported_kind = 'billed'),
    cast(sum(cast(case when costing <> 'unknown' then cost end as decimal(38, 0))) as varchar),
    cast(coalesce(sum(cast(cost_low - cost_read as decimal(38, 0))), 0) as varchar),
    cast(coalesce(sum(cast(cost_high - cost_read as decimal(38, 0))), 0) as varchar)
from call
group by all
order by seller nulls last, model nulls last, currency nulls last, reason;
