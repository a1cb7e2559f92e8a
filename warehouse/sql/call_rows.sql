-- One row per stored row of the calls in question, with all that decides which of them is counted.
create or replace temp table call_row as
select
    record_key, source, seller, response_id, start_at, time_quality, task,
    task_of(task, trace_id, session_id, tags, gap_task) as task_by_rule, counted, sighting_of, usage_status, review,
    cache_read, team, project, user_hash, session_id, latency_ms, application, environment, fullness,
    record_key in (
        select parent_key from usage where granularity = 'iteration' and start_at between $from and $until
    ) as lists_parts
from usage
where start_at between $from and $until and granularity in ('request', 'iteration')
    and (response_id in (select response_id from call_id) or record_key in (select record_key from call_key));
