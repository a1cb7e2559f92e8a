-- One row: loaded files of the demo, and loaded files of one's own.
select count(*) filter (demo), count(*) filter (not demo) from ingest_file;
