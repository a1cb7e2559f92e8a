-- One row per file that may hold calls of some days and has lines that could not be read: lines, the first, and its reason.
select
    regexp_replace(f.path, '^.*/', '') as name, f.source, count(*) as lines, min(r.line) as first_line,
    arg_min(r.reason, r.line) as first_reason, f.first_at, f.last_at
from reject r
join ingest_file f on f.file_id = r.file_id
where f.first_at is null or f.first_at < $ends and f.last_at >= $begins
group by f.file_id, f.path, f.source, f.first_at, f.last_at
order by lines desc, f.path;
