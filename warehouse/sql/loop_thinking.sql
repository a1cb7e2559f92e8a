-- One row per model whose thinking some log counts: whether it ever thought.
select model, sum(reasoning) > 0
from usage_day
where model is not null and reasoning is not null
group by model;
