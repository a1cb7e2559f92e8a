-- One row: of a model's tasks those whose whole cost is known and in one currency, their sum, the first and the last of
-- them, those of unknown cost, and those billed in another currency.
select
    count(*) filter (is_known), sum(cost) filter (is_known), min(first_at) filter (is_known),
    max(last_at) filter (is_known), count(*) filter (unpriced > 0 or cardinality(costs) = 0),
    count(*) filter (unpriced = 0 and not is_known and cardinality(costs) > 0)
from (
    select *, coalesce(unpriced = 0 and currency = $currency, false) as is_known
    from claim_task
    where model = $model
);
