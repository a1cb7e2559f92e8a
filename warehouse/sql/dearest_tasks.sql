-- One row per task, the dearest so many of each currency, dearest first; those of unknown cost last.
select
    task, first_at, last_at, requests, errors, unpriced, review, partial, models, model, team, input, cache_read,
    cache_written, output, reasoning, currency, cost, band_low, band_high, costs, cost_reported
from task_cost
where $contains is null or contains(lower(task), lower($contains))
qualify $top is null
    or row_number() over (partition by currency order by cost desc nulls last, requests desc, task) <= $top
order by currency nulls last, cost desc nulls last, requests desc, task;
