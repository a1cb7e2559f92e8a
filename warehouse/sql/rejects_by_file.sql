-- One row per file with lines that could not be read: how many, the first of them, and why it was not.
select f.path, count(*) as lines, min(r.line) as first_line, arg_min(r.reason, r.line)
from reject r
join ingest_file f on f.file_id = r.file_id
group by f.file_id, f.path
order by lines desc, f.path;
