-- One row per call of the cells that are read call by call: its rate, and what it cost before and costs now.
create or replace temp table run_row as
with cell as (
    select c.* from run_cell c join run_found f on f.place = c.place where f.is_cut
),
usage_row as (
    select
        *, start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone))) as hour_at,
        cast(local_of(start_at, $zone) as date) as day,
        coalesce(model_served, model_requested) as model, tier_of(service_tier, batch) as own_tier,
        context_bucket_of(
            input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
        ) as context_bucket
    from usage_priced
    where counted and granularity in ('request', 'iteration')
        and start_at >= (select min(hour_at) from cell) and start_at < (select max(hour_at) + interval 1 hour from cell)
),
scoped as (
    select * from usage_row where true
),
call as (
    select u.* exclude (hour_at, day, model, own_tier, context_bucket), cell.place
    from scoped u
    join cell
        on cell.hour_at = u.hour_at and cell.costing = u.costing::varchar
        and cell.seller is not distinct from u.seller and cell.model is not distinct from u.model
        and cell.rate_id is not distinct from u.rate_id and cell.currency is not distinct from u.currency
        and cell.context_bucket is not distinct from u.context_bucket and cell.team is not distinct from u.team
        and cell.tier is not distinct from u.own_tier and cell.region is not distinct from u.region
        and cell.org is not distinct from u.org and cell.unpriced_reason is not distinct from u.unpriced_reason
        and cell.cost_reported_currency is not distinct from u.cost_reported_currency
),
-- include: find_rate
priced as (
    select
        c.place, c.record_key, c.cost, c.span_rate_id, c.has_card and c.tier <> 'standard' as has_other_tiers,
        case
            when coalesce(c.input, 0) > 0 and r.input is null then 'no input rate'
            when coalesce(c.cache_read, 0) > 0 and r.cache_read is null then 'no cache_read rate'
            when coalesce(c.cache_write_5m, 0) > 0 and r.cache_write_5m is null then 'no cache_write_5m rate'
            when coalesce(c.cache_write_1h, 0) > 0 and r.cache_write_1h is null then 'no cache_write_1h rate'
            when coalesce(c.cache_write, 0) > 0 and r.cache_write is null then 'no cache_write rate'
            when coalesce(c.output, 0) > 0 and r.output is null then 'no output rate'
            when coalesce(c.input_image, 0) > 0 and r.input_image is null then 'no input_image rate'
            when coalesce(c.input_audio, 0) > 0 and r.input_audio is null then 'no input_audio rate'
            when coalesce(c.input_video, 0) > 0 and r.input_video is null then 'no input_video rate'
            when coalesce(c.output_audio, 0) > 0 and r.output_audio is null then 'no output_audio rate'
            when coalesce(c.output_image, 0) > 0 and r.output_image is null then 'no output_image rate'
            when coalesce(c.web_search, 0) > 0 and r.web_search is null then 'no web_search rate'
        end as lacks,
-- include: token_cost
as found
    from rated_call c
    left join run_rate r on r.rate_id = c.span_rate_id
)
select
    place, record_key, cast(cost as decimal(38, 0)) as cost, span_rate_id is null as has_none, has_other_tiers,
    case when lacks is null and found >= 0 then span_rate_id end as new_rate_id,
    case when lacks is null and found >= 0 then cast(found as decimal(38, 0)) end as new_cost,
    case when span_rate_id is null then null when lacks is not null then lacks
        when found < 0 then 'its usage would cost less than nothing' end as why
from priced;
