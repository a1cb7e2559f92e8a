-- One row per file that was loaded, newest first.
select
    path, source, loaded_at, lines, records + rejected, loaded, replaced, already_there, rejected, unpriced, needs_review,
    first_at, last_at, file_bytes, demo
from ingest_file
order by loaded_at desc, file_id desc;
