-- One row per seller, model and currency: costs as billed and as reported, and what tells why they differ.
with call as (
    select
        u.seller, u.model, u.day, u.currency, cast(u.cost as hugeint) as billed,
        cast(u.cost_reported as hugeint) as reported, u.cost_reported_currency as reported_currency,
        u.cost_reported_kind as kind,
        coalesce(u.byok, false) or coalesce(u.cost_reported_kind = 'upstream', false) as upstream,
        coalesce(u.web_search, 0) > 0 as searched,
        coalesce(cast(u.cache_read as hugeint) * (r.input - r.cache_read), 0) as cache_cost,
        coalesce(u.currency <> u.cost_reported_currency, false) as foreign_currency
    from (select * from usage_row_priced where true) u
    left join rate r on r.rate_id = u.rate_id
),
-- A call that is reported in another currency than it is billed in stands in both.
line as (
    select
        * exclude (currency, reported_currency, billed, reported),
        coalesce(currency, reported_currency) as money, billed, case when not foreign_currency then reported end as reported,
        true as is_call
    from call
    union all by name
    select
        * exclude (currency, reported_currency, billed, reported),
        reported_currency as money, null as billed, reported, false as is_call
    from call
    where foreign_currency
),
kept as (
    select *, billed is not null and reported is not null and not upstream as compared,
        reported is not null and billed is null and is_call and not upstream as only_reported,
        reported - billed as gap, reported - billed - cache_cost as cache_gap
    from line
),
digit as (
    select seller, model, money, case
        when bool_and(reported % 10000000000 = 0) then 10000000000
        when bool_and(reported % 100000000 = 0) then 100000000
        when bool_and(reported % 1000000 = 0) then 1000000
        when bool_and(reported % 10000 = 0) then 10000
        when bool_and(reported % 1000 = 0) then 1000
        else 1 end as unit
    from kept
    where compared
    group by all
)
select
    k.seller, k.model, k.money, min(k.day), max(k.day),
    count(*) filter (is_call), count(*) filter (is_call and billed is null),
    sum(billed), sum(reported), list_sort(list(distinct kind) filter (reported is not null)),
    count(*) filter (compared), coalesce(sum(billed) filter (compared), 0), coalesce(sum(reported) filter (compared), 0),
    coalesce(max(unit), 1), coalesce(max(abs(gap)) filter (compared), 0),
    coalesce(max(abs(gap)) filter (compared and not searched), 0),
    coalesce(max(abs(cache_gap)) filter (compared and not searched), 0),
    coalesce(sum(cache_cost) filter (compared and not searched), 0),
    count(*) filter (compared and searched), coalesce(sum(gap) filter (compared and searched), 0),
    -- However coarsely a log rounds, a ratio that a call allows by more than a thousandth is no evidence.
    max((reported - greatest(least(unit // 2, billed // 1000), 1)) * 1000000 // billed) filter (compared and billed > 0),
    min((reported + greatest(least(unit // 2, billed // 1000), 1)) * 1000000 // billed + 1)
        filter (compared and billed > 0),
    count(*) filter (upstream and reported is not null),
    coalesce(sum(reported - coalesce(billed, 0)) filter (upstream and reported is not null), 0),
    count(*) filter (only_reported and not searched), coalesce(sum(reported) filter (only_reported and not searched), 0),
    count(*) filter (only_reported and searched), coalesce(sum(reported) filter (only_reported and searched), 0),
    count(*) filter (billed is not null and reported is null and not foreign_currency),
    coalesce(sum(billed) filter (billed is not null and reported is null and not foreign_currency), 0),
    count(*) filter (foreign_currency),
    coalesce(sum(coalesce(billed, 0) - coalesce(reported, 0)) filter (foreign_currency and not (upstream and reported is not null)), 0)
from kept k
left join digit d on d.seller is not distinct from k.seller and d.model is not distinct from k.model and d.money = k.money
group by k.seller, k.model, k.money
order by k.seller nulls last, k.money nulls last, sum(billed) desc nulls last, k.model nulls last;
