-- One row per step, band of steps or upstream provider of the tasks in scope: its calls and tokens.
with
-- include: step_parts
select
    part, min(place), max(place), cast(sum(calls) as bigint), cast(sum(unpriced) as bigint), cast(sum(input) as bigint),
    cast(sum(cache_read) as bigint), cast(sum(cache_written) as bigint), cast(sum(output) as bigint),
    cast(sum(reasoning) as bigint)
from parts
group by part
order by min(place), sum(calls) desc, part;
