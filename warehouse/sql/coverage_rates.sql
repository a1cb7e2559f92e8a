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
priced as (
    select
        t.seller, t.model, t.unpriced_reason, r.currency, r.seller as at_seller,
        cast(amount(t.input, r.input) + amount(t.cache_read, coalesce(r.cache_read, r.input))
            + amount(t.written, coalesce(r.cache_write, r.cache_write_5m, r.input)) + amount(t.output, r.output)
            as decimal(38, 0)) as cost
    from tokens t
    join rate r on regexp_replace(lower(r.model), '^.*/', '') = t.name and r.active and r.tier = 'standard'
        and r.valid_until > timestamp '9999-01-01'
)
select
    seller, model, unpriced_reason, currency, cast(min(cost) as varchar), cast(max(cost) as varchar),
    count(distinct at_seller)
from priced
group by seller, model, unpriced_reason, currency
order by seller, model, currency = 'USD' desc, count(distinct at_seller) desc, currency;
