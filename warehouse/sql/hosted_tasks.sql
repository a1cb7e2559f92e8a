-- One row: the tasks of the calls of hosted_hours, and how many of these calls name none.
select count(distinct task), count(*) filter (task is null)
from usage_row
where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and seller is not null and true;
