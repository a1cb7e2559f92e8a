-- One row per seller, model, key (where asked for), both currencies, kind of reported cost and state: calls and both costs.
-- include: reported_calls
select
    seller, model, case when $by_key then key_alias end as key, currency, cost_reported_currency, cost_reported_kind, state,
    count(*), cast(sum(cast(cost as decimal(38, 0))) as varchar), cast(sum(cast(cost_reported as decimal(38, 0))) as varchar)
from stated
group by all
order by seller nulls last, model nulls last, key nulls first, state;
