-- One row per task of the whole usage.
insert into touched_task
select task, min(start_at), max(start_at) from usage_by_task where task is not null group by task;
