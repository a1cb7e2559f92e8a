-- One row per seller, model, currency billed in and currency reported in: both costs, and what tells why they differ.
with call as (
    select
        u.seller, u.model, u.start_at, u.currency, u.cost as billed, u.cost_reported as reported,
        u.cost_reported_currency as reported_currency, u.cost_reported_kind as kind,
        u.cost_reported is not null and (coalesce(u.byok, false) or u.cost_reported_kind = 'upstream') as upstream,
        coalesce(u.web_search, 0) > 0 as searched,
        coalesce(u.cache_read * (r.input - r.cache_read), 0) as cache_cost,
        u.cost_reported - u.cost as gap
    from (
        select *
        from (
            select
                *, coalesce(model_served, model_requested) as model,
                cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
            from usage_priced
            where counted and granularity in ('request', 'iteration')
        )
        where true
    ) u
    left join rate r on r.rate_id = u.rate_id
),
sided as (
    select
        *, gap is not null and not upstream and currency = reported_currency as compared,
        reported is not null and billed is null and not upstream as only_reported,
        -- However coarsely a log rounds, a ratio that a call allows by more than a thousandth is no evidence.
        greatest(least(500000, billed // 1000), 1) as leeway
    from call
)
select
    seller, model, currency, reported_currency, min(start_at), max(start_at), count(*), sum(billed), sum(reported),
    bool_or(kind = 'billed'), bool_or(kind = 'estimate'), bool_or(kind = 'list'), bool_or(kind = 'upstream'),
    count(*) filter (compared), sum(billed) filter (compared), sum(reported) filter (compared),
    case
        when bool_and(reported % 10000000000 = 0) filter (compared) then 10000000000
        when bool_and(reported % 100000000 = 0) filter (compared) then 100000000
        when bool_and(reported % 1000000 = 0) filter (compared) then 1000000
        when bool_and(reported % 10000 = 0) filter (compared) then 10000
        when bool_and(reported % 1000 = 0) filter (compared) then 1000
        else 1
    end,
    max(abs(gap)) filter (compared), max(abs(gap)) filter (compared and not searched),
    max(abs(gap - cache_cost)) filter (compared and not searched), sum(cache_cost) filter (compared and not searched),
    count(*) filter (compared and searched), sum(gap) filter (compared and searched),
    -- Millionths, for evidence alone: no amount is made of them.
    cast(floor(max((reported - leeway) * 1e6 / billed) filter (compared and billed > 0)) as bigint),
    cast(ceil(min((reported + leeway) * 1e6 / billed) filter (compared and billed > 0)) as bigint),
    count(*) filter (upstream), sum(reported) filter (upstream), sum(billed) filter (upstream),
    count(*) filter (only_reported and not searched), sum(reported) filter (only_reported and not searched),
    count(*) filter (only_reported and searched), sum(reported) filter (only_reported and searched)
from sided
group by seller, model, currency, reported_currency;
