-- One row per kind of calls that rates in force at all times cannot tell apart, as run_cell, whatever their hours: which
-- of the hours that stand together is named does not matter.
create or replace temp table run_sum as
with hour as (
    -- The first and the last minute of an hour: they tell an hour in which a clock is put forward, too.
    select
        hour_at, list_transform($zones, lambda zone: minute_of_week(hour_at, zone)) as first_minutes,
        list_transform($zones, lambda zone: minute_of_week(hour_at + interval 59 minutes, zone)) as last_minutes
    from (select distinct hour_at from usage_hour where len($zones) > 0)
),
sums as (
    select
        min(c.hour_at) as hour_at, min(day) as day, seller, model, team, org, region, tier, context_bucket, costing,
        rate_id, currency, unpriced_reason, sum(requests) as requests, sum(negative) as negative,
        sum(columns('^(input|cache_read|cache_write|cache_write_5m|cache_write_1h|output|input_image|input_audio|input_video|output_audio|output_image|web_search|request)$'))
    from usage_hour c
    left join hour using (hour_at)
    where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and true
    group by
        seller, model, team, org, region, tier, context_bucket, costing, rate_id, currency, unpriced_reason,
        first_minutes, last_minutes
)
select
    row_number() over () as place, c.*,
    cast(case c.costing
        when 'rated' then
-- include: token_cost
    end as decimal(38, 0)) as cost
from sums c
left join rate r on r.rate_id = c.rate_id;
