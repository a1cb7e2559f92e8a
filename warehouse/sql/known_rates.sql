-- One row per seller, model and reason of calls whose tokens are known and whose price is not, and currency: what they
-- would cost at the cheapest and at the dearest standard rate at which anyone sells a model of that name.
with tokens as (
    select
        seller, model, unpriced_reason, regexp_replace(lower(model), '^.*/', '') as name, sum(input) as input,
        sum(coalesce(cache_read, 0)) as cache_read,
        sum(coalesce(cache_write, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)) as written,
        sum(output) as output
    from usage_day_detail_priced
    where costing = 'unknown' and usage_status <> 'missing' and coalesce(input, output) is not null
        and model is not null and unpriced_reason not like 'byok%' and true
    group by all
),
-- include: tokens_at_rates
