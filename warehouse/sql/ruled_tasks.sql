-- One row per task that ids name of the load's calls, with the time range of its rows.
insert into touched_task
select named_task(task, trace_id, session_id, tags) as name, min(start_at), max(start_at)
from usage
where start_at between $from and $until and record_key in (select record_key from batch_key)
    and named_task(task, trace_id, session_id, tags) is not null
group by name;
