-- One row per record that is not counted because another one is, the newest calls first: the first so many calls.
with call as (
    select sighting_of, max(start_at) as last_at
    from usage
    where not counted and sighting_of is not null
    group by sighting_of
    order by last_at desc, sighting_of
    limit $top
)
select u.sighting_of, u.record_key
from call
join usage u on u.sighting_of = call.sighting_of
where not u.counted
order by call.last_at desc, u.sighting_of, u.source, u.record_key;
