-- One row per cell of task_rate, and one per counted call that belongs to no task.
select
    task, seller, model, team, rate_id, currency, costing, requests, errors, review, partial, input, cache_read, cache_write_5m,
    cache_write_1h, cache_write, output, input_image, input_audio, input_video, output_audio, output_image, reasoning,
    band_low, band_high, cost_reported, cost_reported_currency, reported, cost
from task_rate_priced
union all by name
select
    task, seller, model, team, rate_id, currency, costing, requests, errors, review, partial, input, cache_read, cache_write_5m,
    cache_write_1h, cache_write, output, input_image, input_audio, input_video, output_audio, output_image, reasoning,
    band_low, band_high, cost_reported, cost_reported_currency, reported, cost
from usage_row_priced
where task is null
