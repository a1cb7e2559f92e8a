-- One row: first and last start of the records that a person decides about.
select min(start_at), max(start_at) from usage where record_key in (select record_key from call_key);
