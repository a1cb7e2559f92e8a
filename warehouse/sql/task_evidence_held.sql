-- One row per task of task_known: held, so that the calls of a million tasks are joined to them once.
create or replace temp table task_held as select * from task_known;
create or replace temp view task_evidence as select * from task_held;
