-- One row per call of a task, in order, with where its price and the call itself come from.
select
    u.start_at, u.step, u.attempt, u.seller, u.model_requested, u.model_served, u.role, u.http_status,
    u.error_category, u.finish_reason, u.latency_ms,
    u.input + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0),
    u.cache_read,
    coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0) + coalesce(u.cache_write, 0),
    u.output + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0),
    u.reasoning, u.usage_status, u.review, u.currency, u.cost, u.cost_low, u.cost_high, u.unpriced_reason,
    u.billable_reason, u.cost_reported, r.source, r.checked, u.counted, f.path, u.line
from usage_priced u
left join rate r on r.rate_id = u.rate_id
left join ingest_file f on f.file_id = u.file_id
where u.task = $task and u.start_at >= $first_at and u.start_at <= $last_at
order by u.step nulls last, u.start_at, u.attempt nulls first, u.line;
