-- One row per seller and effort of calls of these models, all of which belong to a task: how many.
select seller, reasoning_effort, cast(sum(requests) as bigint) as calls
from usage_day_detail
where list_contains($models, model)
group by all
order by calls desc, seller nulls last, reasoning_effort nulls last;
