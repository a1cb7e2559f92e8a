-- Marks every made-up line of an invoice as removed; gives their numbers back, one row each.
update invoice set removed_at = $now where demo and removed_at is null returning invoice_id;
