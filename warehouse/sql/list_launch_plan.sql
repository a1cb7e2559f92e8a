-- One row per launch plan that was not removed, in the order of their numbers.
select launch_plan_id, name, owner, document, figures, created_at, changed_at, changed_by, demo
from launch_plan
where removed_at is null
order by launch_plan_id;
