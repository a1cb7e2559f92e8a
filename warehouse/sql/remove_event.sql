-- Marks one event, one row, as removed.
update event set removed_at = $now where event_id = $number;
