-- One row per verdict of the load that the warehouse does not hold yet.
insert into evaluation by name
select distinct on (evaluation_key)
    evaluation_key, cast($file_id as integer) as file_id, getvariable('load_source') as source, judged_at, name, score, label,
    response_id, trace_id, span_id
from evaluation_found
where evaluation_key not in (select evaluation_key from evaluation)
    and evaluation_key not in (select deleted_key from deleted_key)
    and not exists (
        select 1 from deletion d where d.lifted_at is null and d.user_hashes is null and judged_at < d.until);
