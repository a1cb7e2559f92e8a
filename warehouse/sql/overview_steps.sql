-- One row per call of a task, in order: tokens, cost by meter class in pico-units, its rate, and where it was logged.
select
    u.start_at, u.step, u.attempt, u.seller, coalesce(u.model_served, u.model_requested) as model, u.http_status,
    u.error_category, u.latency_ms,
    u.input + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0) as input,
    u.cache_read,
    coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0) + coalesce(u.cache_write, 0) as cache_written,
    u.output + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0) as output,
    u.reasoning, u.currency, u.cost,
    case when u.costing = 'rated' then amount(u.input, r.input) + amount(u.input_image, r.input_image)
        + amount(u.input_audio, r.input_audio) + amount(u.input_video, r.input_video) end as input_cost,
    case when u.costing = 'rated' then amount(u.cache_read, r.cache_read) end as cache_read_cost,
    case when u.costing = 'rated' then amount(u.cache_write_5m, r.cache_write_5m)
        + amount(u.cache_write_1h, r.cache_write_1h) + amount(u.cache_write, r.cache_write) end as cache_written_cost,
    case when u.costing = 'rated' then amount(u.output, r.output) + amount(u.output_audio, r.output_audio)
        + amount(u.output_image, r.output_image) end as output_cost,
    case when u.costing = 'rated' then amount(u.web_search, r.web_search) + amount(u.request, r.request) end as unit_cost,
    u.cost_low, u.cost_high, u.review, u.unpriced_reason, u.billable_reason, u.counted, r.source, r.checked,
    f.path, u.line
from usage_priced u
left join rate r on r.rate_id = u.rate_id
left join ingest_file f on f.file_id = u.file_id
where u.task = $task and u.start_at >= $first_at and u.start_at <= $last_at
order by u.step nulls last, u.start_at, u.attempt nulls first, u.file_id, u.line;
