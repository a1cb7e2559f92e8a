-- One row per deletion, in order.
select
    deletion_id, deleted_at, who, user_hashes, until, calls, records, total_before, total_after, lifted_at, lifted_by
from deletion
order by deletion_id;
