-- One row per seller, model and currency: what 95 of 100 of its priced calls that did not fail cost at most.
with call as (
    select *
    from (
        select
            *, coalesce(model_served, model_requested) as model,
            cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day
        from usage_priced
        where counted and granularity in ('request', 'iteration')
    )
    where true
)
select seller, model, currency, quantile_disc(cost, 0.95), count(*)
from call
where costing = 'rated' and error_category is null
group by seller, model, currency
order by seller, model, count(*) desc, currency;
