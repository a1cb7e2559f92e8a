-- One row per saved view that was not removed, in the order of their numbers.
select saved_view_id, name, owner, document, created_at, changed_at, changed_by
from saved_view
where removed_at is null
order by saved_view_id;
