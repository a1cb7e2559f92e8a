-- Lifts one deletion: loads let its calls in again, and the books of closed months lack them until then. One row each.
delete from deleted_key where deletion_id = $number;
delete from deleted_line where deletion_id = $number;
update deletion set lifted_at = $now, lifted_by = $who where deletion_id = $number and lifted_at is null returning 1;
