-- One row per seller, model, team, organisation, region, tier, context bucket and hour of the day: as traffic_days.
select
    seller, model, team, org, region, tier, context_bucket, hour_of_day, cast(sum(requests) as bigint) as requests,
    cast(coalesce(sum(columns('^charged_')), 0) as bigint)
from (
    select
        seller, model, team, org, region, tier, context_bucket,
        cast(hour(local_of(hour_at, $zone)) as integer) as hour_of_day, requests,
-- include: charged
    from usage_hour
    where day > $after and day <= $last and true
)
group by all
order by all;
