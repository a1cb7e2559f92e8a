-- One row: attempts, those of unknown cost, under review and partial, and the oldest check of a rate in use.
select
    sum(requests), coalesce(sum(requests) filter (costing = 'unknown'), 0), sum(review), sum(partial),
    (select min(checked) from rate where rate_id in (
        select distinct rate_id from usage_day where costing = 'rated'))
from usage_day_priced
where true;
