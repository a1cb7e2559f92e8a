-- One row per currency: the calls that the warehouse holds, those of unknown cost, and what the others came to.
select
    currency, cast(sum(requests) as bigint), cast(coalesce(sum(requests) filter (costing = 'unknown'), 0) as bigint),
    cast(sum(cast(cost as decimal(38, 0))) as decimal(38, 0))
from usage_day_priced
group by currency
order by currency;
