-- One row: how many rates priced the traffic in scope, and the day on which the one longest unchecked was checked.
select count(*), min(checked)
from rate
where rate_id in (select rate_id from usage_day where costing = 'rated' and true);
