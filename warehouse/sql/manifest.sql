-- One row per file loaded under the given options.
select file_id, path, mtime_ns, file_bytes, digest, complete_bytes, complete_lines, complete_digest, lines
from ingest_file
where options = $options
order by file_id;
