-- One row: attempts, those of unknown cost, under review and partial.
select sum(requests), coalesce(sum(requests) filter (costing = 'unknown'), 0), sum(review), sum(partial)
from usage_day_priced
where true;
