-- One row per task of the whole usage.
create or replace temp table every_task as
select task, min(start_at) as first_at, max(start_at) as last_at
from usage_by_task
where task is not null
group by task
order by first_at;
