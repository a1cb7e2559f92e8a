-- One row per step, band of steps or upstream provider of the tasks in scope: its tasks, calls and tokens.
with
-- include: step_parts
, of_task as (
    select
        part, min(place) as first, max(place) as last, sum(calls) as calls, sum(unpriced) as unpriced,
        sum(input) as input, sum(cache_read) as cache_read, sum(cache_written) as cache_written, sum(output) as output,
        sum(reasoning) as reasoning
    from parts
    group by part, task
)
select
    part, min(first), max(last), count(*), cast(sum(calls) as bigint), cast(sum(unpriced) as bigint),
    cast(sum(input) as bigint), cast(sum(cache_read) as bigint), cast(sum(cache_written) as bigint),
    cast(sum(output) as bigint), cast(sum(reasoning) as bigint)
from of_task
group by part
order by min(first), sum(calls) desc, part;
