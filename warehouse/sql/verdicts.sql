-- One row per row of the calls in question whose standing changes: whether it is counted, else the row that is.
create or replace temp table call_edge as
with half as materialized ( -- else the two heads may be compared all with all
    select h.head as one, l.sighting_of
    from sighting_link l
    join call_head h on h.record_key = l.record_key
    where l.kind <> 'refused'
)
select half.one, h.head as other
from half
join call_head h on h.record_key = half.sighting_of
where h.head <> half.one;
insert into call_edge select other, one from call_edge;
create or replace temp table verdict as
with recursive
reached as (
    select one, other from call_edge
    union
    select r.one, e.other from reached r join call_edge e on e.one = r.other
),
linked as (
    select r.one as head, arg_max(h.record_key, h.standing) as best_head
    from reached r
    join call_head h on h.record_key = r.other
    group by r.one
),
decided as (
    select h.*, coalesce(l.best_head, h.head) as counts_instead
    from call_head h
    left join linked l on l.head = h.head
)
select
    record_key, start_at, task, counts_instead = record_key as counted,
    nullif(counts_instead, record_key) as sighting_of, counted <> (counts_instead = record_key) as flips
from decided
where counted is distinct from (counts_instead = record_key)
    or sighting_of is distinct from nullif(counts_instead, record_key);
