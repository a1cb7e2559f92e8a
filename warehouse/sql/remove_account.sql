-- Marks one account, one row, as removed.
update account set removed_at = $now where account_id = $number;
