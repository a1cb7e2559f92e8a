-- Marks one launch plan, one row, as removed.
update launch_plan set removed_at = $now where launch_plan_id = $number;
