-- Marks every line of one seller's invoice of a number, or of a file, as removed; gives their numbers back, one row each.
update invoice set removed_at = $now
where removed_at is null and (number = $number or source = $number) and ($seller is null or seller = $seller)
returning invoice_id;
