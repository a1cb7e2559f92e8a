-- One row per pair of sources that saw a call together, and per seller: calls in both, and calls in one of them and in no
-- other source, between the first and the last call that both saw. Of those, how many cost something, or may have.
with seen as (
    select
        coalesce(sighting_of, record_key) as call, source, max(seller) as seller, min(start_at) as start_at,
        -- What it cost is unknown, or more than nothing.
        bool_or(cost is null or cost > 0) as is_charged
    from usage_priced
    where granularity = 'request'
    group by all
),
named as (
    select * replace (max(seller) over (partition by call) as seller) from seen
),
pair as (
    select
        one.source as one, other.source as other, one.seller, count(*) as calls_in_both,
        min(least(one.start_at, other.start_at)) as first_at, max(greatest(one.start_at, other.start_at)) as last_at
    from named one
    join named other on other.call = one.call and one.source < other.source
    group by all
),
alone as (
    select
        pair.one, pair.other, pair.seller,
        count(*) filter (named.source = pair.one) as in_one,
        count(*) filter (named.source = pair.one and named.is_charged) as charged_in_one,
        count(*) filter (named.source = pair.other) as in_other,
        count(*) filter (named.source = pair.other and named.is_charged) as charged_in_other
    from pair
    join named on named.source in (pair.one, pair.other) and named.seller is not distinct from pair.seller
        and named.start_at between pair.first_at and pair.last_at
    where not exists (
        from named twin
        where twin.call = named.call and twin.source <> named.source)
    group by all
)
select
    pair.one, pair.other, pair.seller, pair.first_at, pair.last_at, pair.calls_in_both,
    coalesce(alone.in_one, 0), coalesce(alone.charged_in_one, 0),
    coalesce(alone.in_other, 0), coalesce(alone.charged_in_other, 0)
from pair
left join alone on alone.one = pair.one and alone.other = pair.other and alone.seller is not distinct from pair.seller
order by pair.one, pair.other, pair.seller;
