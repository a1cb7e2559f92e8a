-- One row per task of a model whose whole cost is known and in one currency: its cost in pico-units.
select cast(cost as double) as cost
from claim_task
where model = $model and unpriced = 0 and currency = $currency
order by task;
