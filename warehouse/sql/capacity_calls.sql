-- One row per call in scope that reached a seller, the newest ones: when it began, its tokens, and how long it took.
select
    epoch_us(start_at) as start_us,
    cast(coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
        + coalesce(output, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0) as bigint) as tokens,
    coalesce(latency_ms, -1) as latency_ms
from usage_row
where granularity = 'request' and gateway_cache_hit is distinct from true and true
order by start_at desc
limit $most;
