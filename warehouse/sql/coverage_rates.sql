-- One row per seller and model of calls whose tokens are known and whose price is not, and currency: what they would cost
-- at the cheapest and at the dearest standard rate at which anyone sells a model of that name.
with call as (
    select *
    from (
        select
            *, coalesce(model_served, model_requested) as model,
            cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
        from usage_priced
        where counted and granularity in ('request', 'iteration') and costing = 'unknown'
    )
    where true
),
tokens as (
    select
        seller, model, unpriced_reason, regexp_replace(lower(model), '^.*/', '') as name, sum(input) as input,
        sum(coalesce(cache_read, 0)) as cache_read,
        sum(coalesce(cache_write, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)) as written,
        sum(output) as output
    from call
    where usage_status <> 'missing' and coalesce(input, output) is not null and model is not null
        and not coalesce(byok, false)
    group by all
),
-- include: tokens_at_rates
