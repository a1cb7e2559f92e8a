-- One row per task that began in the period.
create or replace temp view task_in_scope as select * from task_begun;
