-- One row per report of dropped calls in the load that the warehouse does not hold yet.
insert into dropped_calls by name
select distinct on (b.record_key)
    part.file_id, b.line - part.shift as line, b.record_key, r.requests as calls, r.since, b.start_at as told_at
from reread r
join batch b on b.place = -1 - r.rowid
asof left join part on b.line >= part.first_line
where r.granularity = 'dropped' and b.record_key not in (select record_key from dropped_calls)
order by b.record_key, b.line;
