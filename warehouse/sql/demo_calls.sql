-- Which calls the demo saw as well as others: one row per response id, one per record of others that it is linked to.
create or replace temp table demo_key as
select record_key, response_id from usage where file_id in (select file_id from ingest_file where demo);
create or replace temp table call_id as
select distinct response_id
from usage
where response_id in (select response_id from demo_key) and record_key not in (select record_key from demo_key);
create or replace temp table call_key as
select record_key
from usage
where sighting_of in (select record_key from demo_key) and record_key not in (select record_key from demo_key)
union
select record_key from sighting_link where sighting_of in (select record_key from demo_key)
union
select sighting_of from sighting_link where record_key in (select record_key from demo_key);
delete from call_key where record_key in (select record_key from demo_key);
