-- One row per step, band of steps or upstream provider of the tasks in scope, and currency: what it cost.
with
-- include: step_parts
select part, currency, cast(sum(cost) as decimal(38, 0))
from parts
where cost is not null
group by part, currency
order by part, currency;
