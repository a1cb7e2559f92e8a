-- One row per task that was put in scope: its calls, what they used, what they cost.
select
    first_day, task, first_at, last_at, cast(requests as bigint) as requests, cast(errors as bigint) as errors,
    cast(unpriced as bigint) as unpriced, cast(review as bigint) as review, cast(partial as bigint) as partial,
    cast(models as bigint) as models, model, team, input, cache_read, cache_written, output, reasoning, currency,
    cost as cost_pico, cast(cost + coalesce(band_low, 0) as decimal(38, 0)) as cost_low_pico,
    cast(cost + coalesce(band_high, 0) as decimal(38, 0)) as cost_high_pico, costs
from task_in_scope
order by first_at, task;
