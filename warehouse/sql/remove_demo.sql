-- Takes the demo's records, rejects and files out.
delete from usage where file_id in (select file_id from ingest_file where demo);
delete from reject where file_id in (select file_id from ingest_file where demo);
delete from ingest_file where demo;
-- What a demo row billed and another source saw as well is billed by that other sighting from now on.
update usage
set counted = usage.record_key = orphan.heir,
    sighting_of = case when usage.record_key <> orphan.heir then orphan.heir end
from (
    select sighting_of as gone, min(record_key) as heir
    from usage
    where sighting_of is not null and sighting_of not in (select record_key from usage)
    group by sighting_of
) orphan
where usage.sighting_of = orphan.gone;
delete from meta where name = 'demo_now';
