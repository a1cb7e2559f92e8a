-- One row: counted calls, and those of them that belong to a task.
select
    coalesce((select sum(requests) from usage_day), 0)::bigint, coalesce((select sum(requests) from task_cost), 0)::bigint;
