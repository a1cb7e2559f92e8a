-- One row per counted call, with the columns of usage_hour by which traffic is told apart.
select
    *, start_at as hour_at, tier_of(service_tier, batch) as tier,
    context_bucket_of(
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
    ) as context_bucket
from usage_row
