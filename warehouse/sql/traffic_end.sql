-- One row: when the newest call of the warehouse began, and the first and last billing day with one in scope.
select (select max(start_at) from usage where counted and granularity in ('request', 'iteration')), min(day), max(day)
from usage_hour
where true;
