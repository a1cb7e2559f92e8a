-- Marks one scenario, one row, as removed.
update scenario set removed_at = $now where scenario_id = $number;
