-- One row: of a model's tasks whose whole cost is known and in one currency, the squares of how far each is from costing
-- the mean, in units of it. Summed as whole numbers, so that the order in which they are added does not show.
with apart as (
    select cost / nullif($mean, 0) - 1 as far
    from claim_task
    where model = $model and unpriced = 0 and currency = $currency
)
select coalesce(cast(sum(cast(far * far * 1e20 as hugeint)) as double) / 1e20, 0) from apart;
