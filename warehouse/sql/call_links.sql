-- Adds what links and ids lead to from the rows found: one row per record, one per response id.
insert into call_key
select distinct other
from (
    select record_key as one, sighting_of as other from sighting_link where kind <> 'refused'
    union all
    select sighting_of, record_key from sighting_link where kind <> 'refused'
)
where one in (select record_key from call_row) and other not in (select record_key from call_row)
    and other not in (select record_key from call_key);
insert into call_id
select distinct response_id
from call_row
where response_id is not null and response_id not in (select response_id from call_id);
