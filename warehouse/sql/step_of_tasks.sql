-- One row per call of the tasks in scope, with its step: as logged, else its place in time among those without.
rows as (
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
),
placed as (
    select *, step as place from rows where step is not null
    union all
    select *, row_number() over (partition by task order by start_at, line) from rows where step is null
),
parts as (
    select
        * exclude (upstream_provider),
        case
            when $upstream then upstream_provider
            when $edges is null then cast(place as varchar)
            else cast(list_max(list_filter($edges, lambda edge: edge <= place)) as varchar)
        end as part
    from placed
)
