-- Links what is proposed near the load and was not refused: one row in `call_key` for each record concerned.
create or replace temp table rule_link as
with proposed as (
    select other, one
    from proposal
    where first_at >= $first - interval 2 seconds and last_at <= $last + interval 2 seconds
),
member as (
    select one, one as record_key from proposed
    union
    select one, other from proposed
),
refused as (
    select m.one
    from sighting_link l
    join member m on m.record_key = l.record_key
    join member other on other.record_key = l.sighting_of and other.one = m.one
    where l.kind = 'refused'
)
select other as record_key, one as sighting_of from proposed where one not in (select one from refused);
insert into sighting_link select record_key, sighting_of, 'rule', $now from rule_link;
create or replace temp table call_id (response_id varchar);
create or replace temp table call_key as
select record_key from rule_link
union
select sighting_of from rule_link;
