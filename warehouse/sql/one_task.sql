-- One row: the task of that name.
select
    task, first_at, last_at, requests, errors, unpriced, review, partial, models, model, team, input, cache_read,
    cache_written, output, reasoning, currency, cost, band_low, band_high, costs, cost_reported
from task_cost
where task = $task;
