-- One row per source, seller, model and usage field that nobody reads: in how many records, when, and one of them.
select
    u.source, u.seller, u.model, u.field, count(*) as records, min(u.start_at) as first_at, max(u.start_at) as last_at,
    any_value(u.value) filter (u.value is not null) as example, arg_min(f.path, u.start_at) as path,
    arg_min(u.line, u.start_at) as line
from unknown_usage u
join ingest_file f using (file_id)
group by u.source, u.seller, u.model, u.field
order by records desc, u.source, u.seller, u.model, u.field;
