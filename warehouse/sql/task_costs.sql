-- One row per task that cost something in this currency, by name: its cost as whole units and the rest in pico-units.
select
    e.task, cast(cast(e.cost as hugeint) // 1000000000000 as bigint) as whole,
    cast(cast(e.cost as hugeint) % 1000000000000 as bigint) as rest, s.number as sort, e.requests as calls, e.prompt,
    e.cache_read, e.output, e.errors, case e.resolved when true then 1 when false then 0 else -1 end as resolved
from task_evidence e
join task_sort s
    on s.team is not distinct from e.team and s.kind is not distinct from e.kind and s.models = e.models
where e.cost > 0 and e.currency = $currency
order by e.task;
