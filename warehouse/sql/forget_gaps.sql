-- Forgets the tasks that pauses made, and of which call they were.
delete from gap_task;
update usage set gap_task = null where gap_task is not null;
