-- One row per step or band of steps of the tasks in scope: how many tasks have a call there.
with
-- include: step_parts
, bits as (
    select part, bit_or(cast(1 as hugeint) << cast(place as hugeint)) as places
    from (select distinct part, place from parts where place < 120)
    group by part
),
of_task as (
    select task, bit_or(first_places) as places from step_task group by task
),
-- Most tasks have their calls at the places of many others: those that are alike are looked at once.
alike as (
    select places, count(*) as tasks
    from of_task
    where task not in (select task from late_place)
    group by places
),
long as (
    select task, place from late_place
    union all
    select task, place
    from of_task, (select distinct place from parts where place < 120)
    where task in (select task from late_place) and (places >> cast(place as hugeint)) & 1 = 1
)
select part, cast(sum(tasks) as bigint)
from (
    select part, sum(tasks) as tasks from bits join alike on bits.places & alike.places <> 0 group by part
    union all
    select p.part, count(distinct l.task)
    from long l join (select distinct part, place from parts) p on p.place = l.place
    group by p.part
)
group by part;
