-- Adds one saved view; gives its number back, one row.
insert into saved_view by name
select
    coalesce(max(saved_view_id), 0) + 1 as saved_view_id, $name as name, $who as owner, $document as document,
    cast($now as timestamp) as created_at, cast($now as timestamp) as changed_at, $who as changed_by
from saved_view
returning saved_view_id;
