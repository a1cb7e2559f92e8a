-- What may be one call with others: one row per response id that the load has in common, one per linked record of it.
create or replace temp table call_id as
select response_id
from usage
where start_at between $from and $until and granularity in ('request', 'iteration')
    and response_id in (
        select response_id from usage where file_id in (select file_id from part) and start_at between $first and $last)
group by response_id
having count(*) > 1;
create or replace temp table call_key as
select record_key
from usage
where file_id in (select file_id from part) and start_at between $first and $last
    and record_key in (select record_key from sighting_link union all select sighting_of from sighting_link);
