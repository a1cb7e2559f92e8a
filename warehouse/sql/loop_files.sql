-- One row per loaded file: where it lay.
select file_id, path from ingest_file where list_contains($files, file_id);
