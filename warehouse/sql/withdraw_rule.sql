-- Takes back what the rule linked near the load: one row in `call_key` for each record concerned.
create or replace temp table withdrawn as
with near as (
    select record_key
    from usage
    where start_at between $first - interval 1 second and $last + interval 1 second
)
select record_key, sighting_of
from sighting_link
where kind = 'rule'
    and (record_key in (select record_key from near) or sighting_of in (select record_key from near));
create or replace temp table call_id (response_id varchar);
create or replace temp table call_key as
select record_key from withdrawn
union
select sighting_of from withdrawn;
delete from sighting_link
using withdrawn w
where kind = 'rule' and sighting_link.record_key = w.record_key and sighting_link.sighting_of = w.sighting_of;
