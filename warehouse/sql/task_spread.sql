-- One row per currency: how the cost of its wholly priced tasks is spread, in pico-units.
select
    currency, count(*), cast(sum(cost) as decimal(38, 0)), quantile_disc(cost, 0.5), quantile_disc(cost, 0.9), max(cost)
from task_cost
where cost is not null and unpriced = 0
group by currency
order by currency;
