-- One row per task in scope, dearest in the currency first, those without an amount in it last.
select
    task, first_at, last_at, requests, errors, unpriced, review, models, model, team, coalesce(input, 0),
    coalesce(cache_read, 0), cache_written, coalesce(output, 0), costs
from task_in_scope
where $contains is null or contains(lower(task), lower($contains))
order by costs[$currency] desc nulls last, unpriced desc, requests desc, task
limit $top;
