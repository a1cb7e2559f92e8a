-- One row: streams of these models at one seller with all that tells their speed, and output tokens per second of each.
with stream as (
    select
        start_at, output, latency_ms, ttft_ms, output * 1000.0 / (latency_ms - ttft_ms) as speed
    from usage_row
    where seller = $seller and list_contains($models, model) and error_category is null
        and output >= $least and latency_ms > ttft_ms
),
summed as (
    -- Both shares of one list: every stream's speed is held once.
    select
        count(*) as streams, quantile_cont(speed, [0.5, 0.99]) as speeds, min(start_at) as first_at,
        max(start_at) as last_at
    from stream
)
select streams, speeds[1] as middle, speeds[2] as fastest, first_at, last_at
from summed;
