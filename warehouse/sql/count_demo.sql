-- One row: how many records came from demo files.
select count(*) from usage where file_id in (select file_id from ingest_file where demo);
