-- Adds one row of the audit: who changed what, when, and how it read before and after.
insert into audit values ($now, $who, $what, $before, $after);
