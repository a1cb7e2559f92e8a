-- One row per batch row that the warehouse already holds.
create or replace temp table known_key as
select k.place, k.record_key
from batch_key k
join usage u on u.record_key = k.record_key
where u.start_at between $known_from and $known_until;
