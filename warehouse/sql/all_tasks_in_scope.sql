-- One row: whether every task there is, is in scope.
select (select count(*) from task_in_scope) = (select count(*) from task_cost);
