-- One row: of a model's tasks those whose whole cost is known and in one currency, their sum, the dearest, the first and
-- the last of them.
select count(*), sum(cost), max(cost), min(first_at), max(last_at)
from claim_task
where model = $model and unpriced = 0 and currency = $currency;
