-- Takes the task that pauses made off the calls of these times, one row each, that an id names by now.
update usage
set gap_task = null
where start_at between $from and $until and gap_task is not null and named_task(task, trace_id, session_id, tags) is not null;
