-- One row per line of work whose calls of the load are named by nothing but the pauses between them.
insert into touched_line
select line_of(application, user_hash, key_alias, team, project) as whose, min(start_at), max(start_at)
from usage
where start_at between $from and $until and granularity in ('request', 'iteration')
    and record_key in (select record_key from batch_key)
    and named_task(task, trace_id, session_id, tags) is null
group by whose;
