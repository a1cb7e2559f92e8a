-- One row per source, seller, model and usage field that nobody reads: in how many records, when, and one of them.
select
    source, seller, model, field, count(*) as records, min(start_at) as first_at, max(start_at) as last_at,
    any_value(value) filter (value is not null) as example, arg_min(f.path, start_at) as path,
    arg_min(u.line, start_at) as line
from unknown_usage u
join ingest_file f using (file_id)
where ($file_id is null or file_id = $file_id)
group by source, seller, model, field
order by records desc, source, seller, model, field;
