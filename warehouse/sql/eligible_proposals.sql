-- One row per pair that a person can confirm.
create or replace temp table eligible as select one, other from proposal;
