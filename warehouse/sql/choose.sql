-- What a person decides about: one row per pair in `chosen`, one per record of it in `call_key`.
create or replace temp table chosen as
select one, other from eligible where $key is null or one = $key or other = $key;
create or replace temp table call_id (response_id varchar);
create or replace temp table call_key as
select one as record_key from chosen
union
select other from chosen;
