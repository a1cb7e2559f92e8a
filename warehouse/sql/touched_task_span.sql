-- One row: the time range that holds every row of the touched tasks, old and new.
select least(min(t.first_at), min(c.first_at)), greatest(max(t.last_at), max(c.last_at))
from touched_task t
left join task_cost c on c.task = t.task;
