-- Writes each verdict on its row; hours and tasks of the rows that are counted from now on, or no more, are touched.
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone)))
from verdict
where flips;
insert into touched_task
select task, min(start_at), max(start_at) from verdict where flips and task is not null group by task;
update usage
set counted = verdict.counted, sighting_of = verdict.sighting_of
from verdict
where usage.record_key = verdict.record_key and usage.start_at between $from and $until;
