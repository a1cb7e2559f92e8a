-- One row: charged tries in scope, and how many of them are the first of their call.
select count(*) as tries, count(*) filter (coalesce(attempt, 1) <= 1) as calls
from usage_row
where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and true;
