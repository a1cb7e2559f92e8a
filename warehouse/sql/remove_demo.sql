-- Takes the demo's records, rejects and files out.
delete from usage where file_id in (select file_id from ingest_file where demo);
delete from reject where file_id in (select file_id from ingest_file where demo);
delete from ingest_file where demo;
delete from meta where name = 'demo_now';
