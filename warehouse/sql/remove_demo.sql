-- Takes the demo's records, links, rejects and files out.
delete from sighting_link
where record_key in (select record_key from usage where file_id in (select file_id from ingest_file where demo))
    or sighting_of in (select record_key from usage where file_id in (select file_id from ingest_file where demo));
delete from evaluation where file_id in (select file_id from ingest_file where demo);
delete from dropped_calls where file_id in (select file_id from ingest_file where demo);
delete from unknown_usage where file_id in (select file_id from ingest_file where demo);
delete from usage where file_id in (select file_id from ingest_file where demo);
delete from counter_sample where file_id in (select file_id from ingest_file where demo);
delete from reject where file_id in (select file_id from ingest_file where demo);
delete from ingest_file where demo;
delete from meta where name = 'demo_now';
