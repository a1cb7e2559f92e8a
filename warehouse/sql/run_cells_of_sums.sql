-- One row per sum of a re-rate: the cells that it is about.
create or replace temp table run_cell as
select * from run_sum;
