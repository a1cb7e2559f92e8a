-- One row per batch row whose call another source already bills: matched by seller and response id.
create or replace temp table sighting as
select b.place, min(u.record_key) as sighting_of
from batch b
join usage u on u.response_id = b.response_id and u.seller = b.seller
where u.counted and u.source <> b.source and u.start_at between $known_from and $known_until
group by b.place;
