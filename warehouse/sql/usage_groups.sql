-- One row: how many groups, rates and ways of charging there are among the calls in scope.
select count(*)
from (
    select distinct costing, rate_id, currency
    from usage_day_detail
    where true
);
