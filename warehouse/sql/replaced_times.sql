-- One row per stored row that a fuller one takes the place of: its hours, tasks and line of work are touched as well.
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone)))
from usage
where start_at between $known_from and $known_until and record_key in (select record_key from repeat where is_fuller);
insert into touched_task
select task, min(start_at), max(start_at)
from usage_by_task
where task is not null and start_at between $known_from and $known_until
    and record_key in (select record_key from repeat where is_fuller)
group by task;
insert into touched_line
select line_of(application, user_hash, key_alias, team, project) as whose, min(start_at), max(start_at)
from usage
where gap_task is not null and start_at between $known_from and $known_until
    and record_key in (select record_key from repeat where is_fuller)
group by whose;
