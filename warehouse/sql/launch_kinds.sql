-- One row per day and kind of task: its tasks, answered calls, failed attempts that were charged, and tokens.
with
-- include: launch_calls
-- include: launch_tasks
select
    t.day, t.kind, cast(count(distinct t.of_task) as bigint) as tasks,
    cast(count(*) filter (not c.has_failed) as bigint) as answered,
    cast(count(*) filter (c.has_failed) as bigint) as failed,
    cast(count(*) filter (c.has_failed and c.is_charged) as bigint) as failed_charged,
    cast(coalesce(sum(c.taken) filter (not c.has_failed and c.output is not null), 0) as bigint) as taken,
    cast(coalesce(sum(c.cached) filter (not c.has_failed and c.output is not null), 0) as bigint) as cached,
    cast(coalesce(sum(c.written) filter (not c.has_failed and c.output is not null), 0) as bigint) as written
from call c
join task_kind t using (of_task)
group by t.day, t.kind
order by t.day, t.kind;
