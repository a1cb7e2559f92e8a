-- One row per event that was not removed, in the order of their numbers.
select event_id, kind, first_day, last_day, seller, model, team, note, state
from event
where removed_at is null
order by event_id;
