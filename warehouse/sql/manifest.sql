-- One row per file that was loaded, with the options of its last load.
select file_id, path, mtime_ns, file_bytes, digest, complete_bytes, complete_lines, complete_digest, lines, options
from ingest_file
order by file_id;
