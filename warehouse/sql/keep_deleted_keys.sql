-- One row per record in `doomed` that the rule does not name by itself, and per verdict on what goes.
create or replace temp table doomed_verdict as
select evaluation_key
from evaluation e
where $hashes is null and e.judged_at < $until
    or e.response_id in (select response_id from doomed_call) and e.response_id not in (
        select response_id from usage where response_id is not null and record_key not in (select record_key from doomed))
    or (e.trace_id, e.span_id) in (select (trace_id, span_id) from doomed_call where span_id is not null);
insert into deleted_key
select $number, record_key
from doomed_call
where not coalesce(
    start_at < $until and ($hashes is null or list_contains(cast($hashes as varchar[]), user_hash)), false)
union
select $number, evaluation_key from doomed_verdict;
