-- One row per record that a deletion names: of these users, or everybody's, begun before an instant.
-- A second sighting is as old as the row that counts in its stead, and a part of a call as old as the call.
create or replace temp table doomed as
with own as (
    select record_key, user_hash, start_at, sighting_of, case when granularity = 'iteration' then parent_key end as part_of
    from usage
),
whole as (
    select record_key, start_at
    from usage
    where record_key in (select sighting_of from own union all select part_of from own)
),
aged as (
    select o.record_key, o.user_hash, coalesce(head.start_at, call.start_at, o.start_at) as begun_at
    from own o
    left join whole head on head.record_key = o.sighting_of
    left join whole call on call.record_key = o.part_of
)
select record_key
from aged
where begun_at < $until and ($hashes is null or list_contains(cast($hashes as varchar[]), user_hash));
