-- One row per seller and model: where, within an hour or a size of input, a rate of the scenarios begins or ends.
create or replace temp table what_if_edge as select * from given_rows;
