-- Adds one event; gives its number back, one row.
insert into event by name
select
    coalesce(max(event_id), 0) + 1 as event_id, $kind as kind, cast($first_day as date) as first_day,
    cast($last_day as date) as last_day, $seller as seller, $model as model, $team as team, $note as note,
    $state as state, cast($now as timestamp) as entered_at
from event
returning event_id;
