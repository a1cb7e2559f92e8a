-- One row per line that could not be read, of one kind of reason or (NULL) of all: where, why, and its redacted text.
select f.path, r.line, r.reason, r.text
from reject r
join ingest_file f on f.file_id = r.file_id
where $kind is null
    or coalesce(list_position(list_transform($kinds, lambda patterns:
        len(list_filter(patterns, lambda pattern: r.reason like pattern)) > 0), true), 0) = $kind
order by r.file_id, r.line
limit $top;
