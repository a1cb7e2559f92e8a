-- One row: when the newest counted call began, and the first billing day with one.
select max(start_at), (select min(day) from usage_hour)
from usage
where counted and granularity in ('request', 'iteration');
