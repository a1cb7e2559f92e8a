-- One row per record asked for: where it stands, what it says and what it costs.
select
    u.record_key, u.source, f.path, u.line, u.seller, coalesce(u.model_served, u.model_requested), u.start_at,
    u.response_id, u.team, u.task, u.usage_status,
    u.input + coalesce(u.cache_read, 0) + coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0)
    + coalesce(u.cache_write, 0) + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0),
    u.output + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0),
    u.currency, u.cost, u.cost_reported, u.cost_reported_currency, u.cost_reported_kind
from usage_priced u
left join ingest_file f on f.file_id = u.file_id
where u.record_key in (select unnest($keys));
