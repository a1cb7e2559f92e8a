-- Takes the touched tasks out of the rollups.
delete from task_rate where task in (select task from touched_task) and true;
delete from task_cost where task in (select task from touched_task);
