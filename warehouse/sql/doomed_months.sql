-- One row per month and currency of the calls in `doomed` that count: how many, those of unknown cost, and what they cost.
select
    cast(date_trunc('month', day) as date) as month, currency, count(*) as calls,
    count(*) filter (costing = 'unknown') as unpriced, cast(sum(cast(cost as decimal(38, 0))) as decimal(38, 0)) as cost
from usage_row_priced
where record_key in (select record_key from doomed)
group by all
order by all;
