-- One row per day (of the bill's zone), seller, model, key, currency and own upstream key: the calls, what they cost, and
-- what of them may be why a bill differs. Without a currency: calls of unknown cost. Keys are told apart where asked for.
with standard as (
    select r.rate_id, any_value(s) as rate
    from rate r
    join rate s
        on s.seller = r.seller and s.model = r.model and s.tier = 'standard' and s.context_from = r.context_from
        and s.window_name is not distinct from r.window_name and s.cell_region = r.cell_region and s.org = r.org
        and s.team = r.team and s.valid_from = r.valid_from and s.active
    where r.tier <> 'standard'
    group by r.rate_id
),
call as (
    select
        cast(local_of(u.start_at, $zone) as date) as day, u.seller, coalesce(u.model_served, u.model_requested) as model,
        case when $by_key then u.key_alias end as key,
        case when u.costing <> 'unknown' then u.currency end as currency,
        coalesce(u.byok, false) or coalesce(u.cost_reported_kind = 'upstream', false) as own_key,
        case when u.costing <> 'unknown' then u.cost end as cost, u.costing, u.usage_status, u.error_category, u.streamed,
        case when coalesce(u.attempt, 1) = 1 then coalesce(u.retry_count, 0) else 0 end as retries,
        coalesce(u.cache_read * (r.input - r.cache_read), 0) as cached,
        case when s.rate_id is not null then
            amount(u.input, s.rate.input) + amount(u.cache_read, s.rate.cache_read)
            + amount(u.cache_write_5m, s.rate.cache_write_5m) + amount(u.cache_write_1h, s.rate.cache_write_1h)
            + amount(u.cache_write, s.rate.cache_write) + amount(u.output, s.rate.output) - u.cost
        else 0 end as tiered,
        case when u.cost_reported_currency = u.currency then u.cost_reported end as reported,
        u.cost_reported is not null and u.cost_reported_kind = 'billed' as is_confirmed,
        u.review is not null and u.costing <> 'unknown' as is_doubtful, u.cost_low - u.cost_read as low,
        u.cost_high - u.cost_read as high
    from usage_priced u
    left join rate r on r.rate_id = u.rate_id
    left join standard s on s.rate_id = u.rate_id
    where u.counted and u.granularity in ('request', 'iteration')
        and u.start_at >= cast($since as timestamp) - interval 2 day
        and u.start_at < cast($until as timestamp) + interval 3 day
        and ($seller is null or u.seller = $seller)
)
select
    day, seller, model, key, currency, own_key, count(*), cast(coalesce(sum(cast(cost as decimal(38, 0))), 0) as varchar),
    count(*) filter (costing = 'unknown'),
    count(*) filter (usage_status <> 'reported' and error_category is null),
    count(*) filter (usage_status <> 'reported' and error_category is null and streamed),
    count(*) filter (costing = 'free' and error_category is not null),
    cast(sum(retries) as bigint), cast(coalesce(sum(cast(cost * retries as decimal(38, 0))), 0) as varchar),
    cast(sum(cast(cached as decimal(38, 0))) as varchar), cast(sum(cast(tiered as decimal(38, 0))) as varchar),
    cast(coalesce(sum(cast(reported as decimal(38, 0))), 0) as varchar),
    count(*) filter (reported is null and costing <> 'unknown'), count(*) filter (is_confirmed),
    count(*) filter (is_doubtful),
    cast(coalesce(sum(cast(low as decimal(38, 0))) filter (is_doubtful), 0) as varchar),
    cast(coalesce(sum(cast(high as decimal(38, 0))) filter (is_doubtful), 0) as varchar)
from call
where day between cast($since as date) and cast($until as date)
group by day, seller, model, key, currency, own_key
order by day, seller, model, key, currency;
