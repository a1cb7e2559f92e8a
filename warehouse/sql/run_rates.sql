-- One row per rate of a re-rate; one that the warehouse does not know has a number below 0.
create or replace temp table run_rate as
select coalesce(r.rate_id, -1 - c.place) as rate_id, c.*
from card_rate c
left join rate r on r.digest = c.digest
where c.is_first;
