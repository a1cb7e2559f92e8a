-- One row: how many tasks there are, or of a name.
select count(*)
from task_cost
where $contains is null or contains(lower(task), lower($contains));
