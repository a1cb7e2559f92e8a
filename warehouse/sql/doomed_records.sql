-- One row: the records in `doomed`, those of them that are no calls of their own, and from when to when they are.
select
    count(*), count(*) filter (not counted), count(*) filter (granularity not in ('request', 'iteration')),
    min(start_at), max(start_at)
from usage
where record_key in (select record_key from doomed);
