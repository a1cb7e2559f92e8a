-- One row per part of the rule, from 1, NULL for calls of no task: the calls that it names, and the tasks.
select
    task_part_of(task, trace_id, session_id, tags, gap_task) as part, count(*) as calls,
    count(distinct task_of(task, trace_id, session_id, tags, gap_task)) as tasks
from usage
where counted and granularity in ('request', 'iteration')
group by part
order by part nulls last;
