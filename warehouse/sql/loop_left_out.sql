-- One row: tasks in scope that are not read, their calls, and how many of the tasks have too many calls to be.
select count(*), coalesce(cast(sum(requests) as bigint), 0), count(*) filter (requests > $most)
from task_in_scope
where task not in (select task from loop_task where in_scope);
