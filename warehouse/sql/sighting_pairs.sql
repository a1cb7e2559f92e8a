-- One row per pair of sources and of currencies: calls that both saw, the two sums where both name a cost,
-- and what the other reports where ours is unknown.
with pair as (
    select
        c.source as counted_in, s.source as seen_in, c.currency, s.cost_reported_currency as reported_currency,
        c.cost, s.cost_reported, c.cost is not null and s.cost_reported is not null as is_comparable
    from usage s
    join usage_priced c on c.record_key = s.sighting_of
    where not s.counted and s.sighting_of is not null
)
select
    counted_in, seen_in, currency, reported_currency, count(*), count(*) filter (is_comparable),
    cast(sum(cost) filter (is_comparable) as decimal(38, 0)),
    cast(sum(cost_reported) filter (is_comparable) as decimal(38, 0)),
    cast(sum(cost_reported) filter (cost is null) as decimal(38, 0))
from pair
group by counted_in, seen_in, currency, reported_currency
order by count(*) desc, counted_in, seen_in, currency nulls last, reported_currency nulls last;
