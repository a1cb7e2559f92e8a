-- Rows under the names of the rollups, without a price: tokens are summed first, and priced last.

-- One row per counted call, with the names and measures of the rollups, and no cost.
create view usage_row as
select
    * exclude (review, cost_reported),
    cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day,
    coalesce(model_served, model_requested) as model,
    cast(1 as bigint) as requests, cast(error_category is not null as bigint) as errors,
    cast(review is not null as bigint) as review, cast(usage_status = 'partial' as bigint) as partial,
    cast(cost_low - cost_read as decimal(38, 0)) as band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as band_high,
    cast(cost_reported as decimal(38, 0)) as cost_reported, cast(cost_reported is not null as bigint) as reported
from usage
where counted and granularity in ('request', 'iteration');
