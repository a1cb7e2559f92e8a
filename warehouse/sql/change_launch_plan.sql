-- Says anew what one launch plan, one row, says and came to.
update launch_plan
set
    name = $name, owner = $owner, document = $document, figures = $figures, changed_at = cast($now as timestamp),
    changed_by = $who, demo = cast($demo as boolean)
where launch_plan_id = $number;
