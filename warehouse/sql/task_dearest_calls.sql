-- One row per call, the dearest so many of each currency among the tasks in scope.
select
    u.task, u.step, u.start_at, u.model, u.upstream_provider, u.currency, u.cost,
    coalesce(u.input, 0) + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0),
    coalesce(u.cache_read, 0),
    coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0) + coalesce(u.cache_write, 0),
    coalesce(u.output, 0) + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0), f.path, u.line
from usage_row_priced u
left join ingest_file f on f.file_id = u.file_id
where u.cost > 0 and u.task in (select task from task_in_scope)
    and u.start_at >= (select min(first_at) from task_in_scope) and u.start_at <= (select max(last_at) from task_in_scope)
qualify row_number() over (partition by u.currency order by u.cost desc, u.start_at, u.task, u.line) <= $top
order by u.currency, u.cost desc, u.start_at, u.task, u.line;
