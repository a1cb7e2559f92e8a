-- Marks one charge, one row, as removed.
update charge set removed_at = $now where charge_id = $number;
