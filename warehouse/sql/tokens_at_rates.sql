-- One row per seller, model, reason and currency of `tokens`: what they cost at the cheapest and the dearest rate.
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
