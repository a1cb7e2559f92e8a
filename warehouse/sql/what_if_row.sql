-- One row per counted call, with the columns of usage_hour by which rates are told apart.
(
    select
        *, start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone))) as hour_at,
        cast(local_of(start_at, $zone) as date) as day, coalesce(model_served, model_requested) as model,
        tier_of(service_tier, batch) as tier,
        coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) as input_tokens,
        context_bucket_of(
            input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
        ) as context_bucket
    from usage_priced
    where counted and granularity in ('request', 'iteration')
)
