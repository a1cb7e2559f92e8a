-- One row per currency of calls that began between two instants, both included: what they were billed, and how many have no price.
select
    currency, cast(coalesce(sum(cost), 0) as decimal(38, 0)), coalesce(sum(requests) filter (costing = 'unknown'), 0)
from usage_row_priced
where start_at >= $begins and start_at <= $ends and true
group by currency;
