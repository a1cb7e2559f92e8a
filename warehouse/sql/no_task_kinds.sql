-- No row: the calls of the tasks in scope are not read.
create or replace temp table task_kind (task varchar, steps bigint, tagged varchar, held varchar);
