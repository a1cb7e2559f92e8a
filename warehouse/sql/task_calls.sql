-- One row per call of the tasks in scope.
calls as (
    select
        task, step, start_at, line, upstream_provider, currency, cost,
        coalesce(input, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0) as input,
        coalesce(cache_read, 0) as cache_read,
        coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0) + coalesce(cache_write, 0) as cache_written,
        coalesce(output, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0) as output,
        coalesce(reasoning, 0) as reasoning
    from usage_row_priced
    where task in (select task from task_in_scope)
        and start_at >= (select min(first_at) from task_in_scope) and start_at <= (select max(last_at) from task_in_scope)
)
