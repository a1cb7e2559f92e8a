-- One row per hour, usage_day's dimensions and what a rate depends on beside them, for the touched hours.
insert into usage_hour by name
select
    hour_at, cast(local_of(hour_at, $zone) as date) as day, seller, model, rate_id, costing, currency,
    context_bucket, team, tier_of(service_tier, batch) as tier, region, org, unpriced_reason, cost_reported_currency,
    cast(sum((sum_input < 0)::bigint) as bigint) as negative, sum(columns('^sum_(.*)$')) as '\1'
from (
    select *, start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone))) as hour_at
    from usage_cell
    where start_at >= $from and start_at < $until and true
)
where hour_at in (select hour_at from touched_hour)
group by all;
