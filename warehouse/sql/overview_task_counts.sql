-- One row: tasks in scope, those with calls of unknown cost, and those billed in several currencies.
select
    count(*), count(*) filter (unpriced > 0), count(*) filter (unpriced = 0 and cost is null)
from task_in_scope;
