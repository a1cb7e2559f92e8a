-- One row per hour, task and line of work that the records in `doomed` are in, and per answer's id that others share.
create or replace temp table doomed_call as
select * from usage_by_task where record_key in (select record_key from doomed);
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone))) from doomed_call;
insert into touched_task
select task, min(start_at), max(start_at) from doomed_call where task is not null group by task;
insert into touched_line
select line_of(application, user_hash, key_alias, team, project) as whose, min(start_at), max(start_at)
from doomed_call
where gap_task is not null
group by whose;
create or replace temp table call_id as
select distinct response_id
from usage
where response_id in (select response_id from doomed_call) and record_key not in (select record_key from doomed);
create or replace temp table call_key (record_key varchar);
