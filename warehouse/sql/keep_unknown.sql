-- One row per record of the load and usage field that nobody reads; what was kept of a record is replaced.
create or replace temp table unknown_found as
select
    part.file_id, b.line - part.shift as line, b.record_key, b.source, b.seller, coalesce(b.model_served, b.model_requested) as model, b.start_at,
    unnest(json_keys(b.unknown_usage)) as field, b.unknown_usage as fields
from batch b
join batch_key on batch_key.place = b.place
asof left join part on b.line >= part.first_line
where b.unknown_usage is not null;
delete from unknown_usage
where record_key in (select record_key from unknown_found);
insert into unknown_usage by name
select distinct on (record_key, field)
    file_id, line, record_key, source, seller, model, start_at, field,
    json_extract_string(fields, concat('$."', field, '"')) as value
from unknown_found
order by record_key, field, line;
