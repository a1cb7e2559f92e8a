-- One row per line of work of the whole usage that no id names.
insert into touched_line
select line_of(application, user_hash, key_alias, team, project) as whose, min(start_at), max(start_at)
from usage
where granularity in ('request', 'iteration') and named_task(task, trace_id, session_id, tags) is null
group by whose;
