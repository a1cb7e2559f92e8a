-- One row: whether every call of these models belongs to a task.
select
    (select coalesce(sum(requests), 0) from task_rate where list_contains($models, model))
    = (select coalesce(sum(requests), 0) from usage_day where list_contains($models, model));
