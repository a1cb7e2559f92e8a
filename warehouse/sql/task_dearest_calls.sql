-- One row per call, the dearest so many in this currency among the tasks in scope.
with dearest as (
    select *
    from usage_row_priced
    where cost > 0 and currency = $currency and task in (select task from task_in_scope)
        and start_at >= (select min(first_at) from task_in_scope) and start_at <= (select max(last_at) from task_in_scope)
    order by cost desc, start_at, task, line
    limit $top
)
select
    u.task, u.step, u.start_at, u.model, u.upstream_provider, u.currency, u.cost,
    coalesce(u.input, 0) + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0),
    coalesce(u.cache_read, 0),
    coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0) + coalesce(u.cache_write, 0),
    coalesce(u.output, 0) + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0), f.path, u.line
from dearest u
left join ingest_file f on f.file_id = u.file_id
order by u.cost desc, u.start_at, u.task, u.line;
