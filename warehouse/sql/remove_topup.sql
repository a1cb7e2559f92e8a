-- Marks one topup, one row, as removed.
update topup set removed_at = $now where topup_id = $number;
