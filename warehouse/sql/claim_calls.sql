-- One row per seller and effort of calls of these models that belong to a task: how many.
select seller, reasoning_effort, count(*) as calls
from usage_row
where task is not null and list_contains($models, model)
group by all
order by calls desc, seller nulls last, reasoning_effort nulls last;
