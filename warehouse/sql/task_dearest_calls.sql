-- One row per call, the dearest so many of each currency among the tasks in scope.
with calls as (
    select *
    from usage_row_priced
    where cost > 0 and task in (select task from task_in_scope)
        and start_at >= (select min(first_at) from task_in_scope) and start_at <= (select max(last_at) from task_in_scope)
),
-- What the last of them costs comes first: only calls that cost as much are read whole.
least as (select currency, list_min(max(cost, $top)) as cost from calls group by currency)
select
    u.task, u.step, u.start_at, u.model, u.upstream_provider, u.currency, u.cost,
    coalesce(u.input, 0) + coalesce(u.input_image, 0) + coalesce(u.input_audio, 0) + coalesce(u.input_video, 0),
    coalesce(u.cache_read, 0),
    coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0) + coalesce(u.cache_write, 0),
    coalesce(u.output, 0) + coalesce(u.output_audio, 0) + coalesce(u.output_image, 0), f.path, u.line
from calls u
join least on least.currency = u.currency and least.cost <= u.cost
left join ingest_file f on f.file_id = u.file_id
qualify row_number() over (partition by u.currency order by u.cost desc, u.start_at, u.task, u.line) <= $top
order by u.currency, u.cost desc, u.start_at, u.task, u.line;
