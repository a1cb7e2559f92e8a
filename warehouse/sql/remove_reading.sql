-- Marks one reading, one row, as removed.
update reading set removed_at = $now where reading_id = $number;
