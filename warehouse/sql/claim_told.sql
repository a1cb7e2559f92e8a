-- One row per task of a model of which an outcome is told.
select task, first_at, last_at, requests, unpriced, costs, is_advised
from claim_task
where model = $model and task in (select unnest($told))
order by task;
