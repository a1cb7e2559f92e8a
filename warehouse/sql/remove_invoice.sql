-- Marks one line of an invoice, one row, as removed.
update invoice set removed_at = $now where invoice_id = $number;
