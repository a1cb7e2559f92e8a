-- One row per task in scope, step, upstream provider and currency: its calls, read once for all that is asked of them.
create or replace temp table step_in_scope as
with rows as (
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
    -- A call whose log has no step: its place in time among those of its task without one.
    select *, row_number() over (partition by task order by start_at, line) from rows where step is null
)
select
    task, place, upstream_provider, currency, count(*) as calls, count(*) - count(cost) as unpriced,
    sum(cast(cost as decimal(38, 0))) as cost, sum(input) as input, sum(cache_read) as cache_read,
    sum(cache_written) as cache_written, sum(output) as output, sum(reasoning) as reasoning
from placed
group by all;
