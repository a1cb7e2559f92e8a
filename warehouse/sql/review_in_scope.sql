-- One row per reason for a review and currency in scope: calls, their cost as stored, and the least and most they can mean.
select
    review, currency, count(*), cast(sum(cast(cost as decimal(38, 0))) as decimal(38, 0)),
    cast(sum(cast(coalesce(cost_low, cost) as decimal(38, 0))) as decimal(38, 0)),
    cast(sum(cast(coalesce(cost_high, cost) as decimal(38, 0))) as decimal(38, 0))
from (
    select
        *, coalesce(model_served, model_requested) as model,
        cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
    from usage_priced
    where counted and granularity in ('request', 'iteration') and review is not null
)
where true
group by review, currency
order by count(*) desc, review, currency nulls last;
