-- One row per counted call in scope: when, to whom, for whom, what was used, what it cost, and how it went.
select
    record_key, start_at, seller, model, team, project, task, source, rate_id, currency, cost, unpriced_reason,
    http_status, error_category, latency_ms, review > 0 as in_review,
    input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image, input_audio, input_video,
    output_audio, output_image, web_search, request, reasoning
from usage_row_priced
where true
order by start_at
limit $limit offset $offset;
