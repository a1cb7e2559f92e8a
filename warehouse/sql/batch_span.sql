-- One row: first and last start of the batch, and whether a time was given by hand.
select min(start_at), max(start_at), coalesce(bool_or(time_quality = 'given'), false) from batch_key;
