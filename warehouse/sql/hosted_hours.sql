-- One row per hour with calls in scope that a rate prices or could price: calls, their input (cached and written tokens
-- too), what of it was read from a cache, and their output.
select
    date_trunc('hour', hour_at) as hour, cast(sum(requests) as bigint) as requests,
    cast(sum(
        coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
    ) as bigint) as input,
    cast(coalesce(sum(cache_read), 0) as bigint) as cache_read,
    cast(sum(coalesce(output, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0)) as bigint) as output
from usage_hour
where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and seller is not null and true
group by hour
order by hour;
