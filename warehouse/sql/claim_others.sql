-- One row: a model's tasks of unknown cost, and those billed in another currency or in several.
select
    count(*) filter (unpriced > 0 or currency is null and cardinality(costs) = 0),
    count(*) filter (unpriced = 0 and cardinality(costs) > 0)
from claim_task
where model = $model and (unpriced > 0 or currency is distinct from $currency);
