-- No row: calls of a re-rate that were looked at one by one, where none was.
create or replace temp table run_row (
    place bigint, record_key varchar, cost decimal(38, 0), has_none boolean, has_other_tiers boolean,
    new_rate_id integer, new_cost decimal(38, 0), why varchar
);
