-- One row: the calls that recorders of this load say they dropped, since when, and when they said so last.
select coalesce(cast(sum(requests) as bigint), 0), min(coalesce(since, start_at)), max(start_at)
from reread
where granularity = 'dropped';
