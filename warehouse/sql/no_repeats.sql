-- No rows: nothing of the batch is known yet.
create or replace temp table repeat (
    place bigint, record_key varchar, is_fuller boolean, kept_rate_id integer);
