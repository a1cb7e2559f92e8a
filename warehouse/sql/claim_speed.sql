-- One row: streams of these models at one seller with all that tells their speed, and output tokens per second of each.
with stream as (
    select
        start_at, output, latency_ms, ttft_ms, output * 1000.0 / (latency_ms - ttft_ms) as speed
    from usage_row
    where seller = $seller and list_contains($models, model) and error_category is null
        and output >= $least and latency_ms > ttft_ms
)
select
    count(*) as streams, median(speed) as middle, quantile_cont(speed, 0.99) as fastest, min(start_at) as first_at,
    max(start_at) as last_at
from stream;
