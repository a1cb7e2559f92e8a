-- Adds one row: a deletion, numbered as they come.
insert into deletion
select
    coalesce(max(deletion_id), 0) + 1, $now, $who, cast($hashes as varchar[]), $until, $calls, $records, $before, $after,
    null, null
from deletion
returning deletion_id;
