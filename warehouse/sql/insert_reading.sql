-- Adds one balance that a seller showed; gives its number back, one row.
insert into reading by name
select
    coalesce(max(reading_id), 0) + 1 as reading_id, $account_id as account_id, cast($read_at as timestamp) as read_at,
    cast($pico as decimal(38, 0)) as pico, $note as note, cast($now as timestamp) as entered_at
from reading
returning reading_id;
