-- One row per counted call in scope: the task that it belongs to, else the call itself; its tokens; how it ended.
call as (
    select
        record_key, day, coalesce(task, record_key) as of_task, seller, model, service_tier, batch, reasoning_effort,
        user_hash, session_id, coalesce(tags['kind'], tags['task_kind']) as named, video, image, json_schema, tools,
        error_category is not null as has_failed, coalesce(billable, false) as is_charged,
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) as taken,
        coalesce(cache_read, 0) as cached, cache_read as cached_told,
        coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0) + coalesce(cache_write, 0) as written, output
    from usage_row
    where start_at >= cast($since as timestamp) - interval 2 day and start_at < cast($until as timestamp) + interval 2 day
        and day between cast($since as date) and cast($until as date) and true
),
