-- One row per reason for a review and currency: calls, their cost as stored, and the least and most they can mean.
select
    review, currency, count(*), cast(sum(cost) as decimal(38, 0)),
    cast(sum(coalesce(cost_low, cost)) as decimal(38, 0)), cast(sum(coalesce(cost_high, cost)) as decimal(38, 0))
from usage_priced
where counted and granularity in ('request', 'iteration') and review is not null
group by review, currency
order by count(*) desc, review, currency nulls last;
