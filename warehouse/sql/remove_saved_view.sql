-- Marks one saved view, one row, as removed.
update saved_view set removed_at = $now where saved_view_id = $number;
