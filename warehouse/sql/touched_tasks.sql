-- One row per task that the load touched, with the time range of its rows.
insert into touched_task
select task, min(start_at), max(start_at) from batch_key where task is not null group by task;
