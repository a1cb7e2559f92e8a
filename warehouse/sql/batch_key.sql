-- One row per record of the load that is to be stored: its place in the batch, and what tells it from others.
create or replace temp table batch_key as
<<<<<<< HEAD
select place, record_key, start_at, time_quality, task, fullness from batch
where granularity not in ('span', 'counter_sample');
=======
select place, line, record_key, start_at, time_quality, task, fullness from batch;
>>>>>>> 8fdc6ae (Small session files are loaded many at a time, in one merge)
