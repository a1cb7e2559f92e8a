-- Adds one launch plan; gives its number back, one row.
insert into launch_plan by name
select
    coalesce(max(launch_plan_id), 0) + 1 as launch_plan_id, $name as name, $owner as owner, $document as document,
    $figures as figures, cast($now as timestamp) as created_at, cast($now as timestamp) as changed_at,
    $who as changed_by, cast($demo as boolean) as demo
from launch_plan
returning launch_plan_id;
