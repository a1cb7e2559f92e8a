-- Empties the rollups of tasks, before they are built anew.
delete from task_rate;
delete from task_cost;
delete from touched_task;
