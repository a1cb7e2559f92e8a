-- One row: a call with its names, what of each meter it used and what one costs, its rate's source, and its line.
select
    u.record_key, u.start_at, u.seller, u.model, u.team, u.project, u.task, u.source, u.rate_id, u.currency, u.cost,
    u.unpriced_reason, u.http_status, u.error_category, u.latency_ms, u.review > 0 as in_review,
    u.input, u.cache_read, u.cache_write_5m, u.cache_write_1h, u.cache_write, u.output, u.input_image, u.input_audio,
    u.input_video, u.output_audio, u.output_image, u.web_search, u.request, u.reasoning,
    r.input, r.cache_read, r.cache_write_5m, r.cache_write_1h, r.cache_write, r.output, r.input_image, r.input_audio,
    r.input_video, r.output_audio, r.output_image, r.web_search, r.request,
    r.source, r.checked, r.confidence, r.card, r.valid_from, r.note, f.path, u.line, u.costing,
    u.billable_reason, u.step, u.ttft_ms, u.gateway, u.base_url, u.region, u.upstream_provider, u.operation,
    u.model_requested, u.role, u.service_tier, u.usage_status, u.finish_reason, u.reasoning_effort, u.org,
    u.environment, u.application, u.key_alias, u.session_id, u.user_hash, u.tags
from (select * from usage_row_priced where start_at = $start_at and record_key = $record_key) u
left join rate r on r.rate_id = u.rate_id
left join ingest_file f on f.file_id = u.file_id;
