-- One row: how many ids and keys are in question, how many of the keys have no row, and the first and last start.
select
    (select count(*) from call_id) + (select count(*) from call_key),
    (select count(*) from call_key where record_key not in (select record_key from call_row)),
    (select min(start_at) from call_row), (select max(start_at) from call_row);
