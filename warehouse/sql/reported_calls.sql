-- One row per counted call with the state of its two costs: as billed, and as the log reports it.
with priced as (
    select *
    from (
        select
            * replace (case when costing <> 'unknown' then cost end as cost),
            coalesce(model_served, model_requested) as model,
            cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
        from usage_priced
        where counted and granularity in ('request', 'iteration')
    )
    where true
),
digit as (
    -- The digit that the log rounds to: every reported cost is a multiple of it.
    select
        seller, model, cost_reported_currency as reported_currency,
        case
            when bool_and(cost_reported % 10000000000 = 0) then 10000000000
            when bool_and(cost_reported % 100000000 = 0) then 100000000
            when bool_and(cost_reported % 1000000 = 0) then 1000000
            when bool_and(cost_reported % 10000 = 0) then 10000
            when bool_and(cost_reported % 1000 = 0) then 1000
            else 1
        end as unit
    from priced
    where cost_reported is not null and cost_reported <> 0
    group by seller, model, cost_reported_currency
),
stated as (
    select
        p.*,
        case
            when coalesce(p.byok, false) or coalesce(p.cost_reported_kind = 'upstream', false) then 'own_key'
            when p.cost is null and p.cost_reported is null then 'unknown'
            when p.cost is null then 'theirs_only'
            when p.cost_reported is null and p.cost = 0 then 'free'
            when p.cost_reported is null then 'ours_only'
            when p.currency is distinct from p.cost_reported_currency and p.cost <> 0 then 'other_currency'
            when abs(p.cost_reported - p.cost) <= greatest(
                coalesce(d.unit, 1) // 2, 1, cast($tolerance as bigint),
                cast(p.cost as hugeint) * cast($millionths as bigint) // 1000000) then 'matched'
            else 'different'
        end as state
    from priced p
    left join digit d
        on d.seller is not distinct from p.seller and d.model is not distinct from p.model
        and d.reported_currency = p.cost_reported_currency
)
