-- One row: how many rows of the batch are repeats of another of it.
select count(*) - count(distinct record_key) from batch_key;
