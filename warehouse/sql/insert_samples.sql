-- One row per reading of a counter that the warehouse does not hold yet.
insert into counter_sample by name
select distinct on (source, instance, kind, series, read_at, value) * exclude (place)
from (
    select
        cast($file_id as integer) as file_id, b.line, b.source, b.seller, b.base_url as instance,
        b.model_served as model, r.counter as kind, r.series, b.start_at as read_at, b.time_quality,
        r.requests as value, b.place
    from reread r
    join batch b on b.place = -1 - r.rowid
    where r.counter is not null
        and not exists (
            select 1 from deletion d where d.lifted_at is null and d.user_hashes is null and b.start_at < d.until)
) new
where not exists (
    select 1
    from counter_sample s
    where s.source = new.source and s.instance = new.instance and s.kind = new.kind and s.series = new.series
        and s.read_at = new.read_at and s.value = new.value)
order by source, instance, kind, series, read_at, value, place desc
returning 1;
