-- One row per task of task_known: a view, where a table would hold all that stands in task_in_scope once more.
create or replace temp view task_evidence as select * from task_known;
