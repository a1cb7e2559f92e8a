-- One row per currency: how the cost of the tasks whose cost is wholly known is spread, in pico-units.
select
    currency, count(*), cast(sum(cost) as decimal(38, 0)), quantile_disc(cost, 0.5), quantile_disc(cost, 0.9),
    max(cost), min(cost) filter (cost > 0), count(*) filter (cost = 0), arg_max(task, (cost, task))
from task_in_scope
where is_known
group by currency
order by currency;
