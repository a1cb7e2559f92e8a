-- One row: the task of that name.
select
    task, first_at, last_at, requests, errors, unpriced, review, models, model, team, coalesce(input, 0),
    coalesce(cache_read, 0), cache_written, coalesce(output, 0), costs
from task_cost
where task = $task;
