-- Lets one entry, one row, count again; gives its number back where it had been taken out.
update entry set removed_at = null where entry_id = $number and removed_at is not null returning entry_id;
