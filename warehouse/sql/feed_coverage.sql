-- One row per billing day, seller, model, team, and what is known of the calls' cost and usage, and why not.
select
    day, seller, model, team, project, costing, unpriced_reason, usage_status, http_status, error_category, currency,
    cast(sum(requests) as bigint) as requests, cast(sum(errors) as bigint) as errors,
    cast(sum(review) as bigint) as review, cast(sum(partial) as bigint) as partial,
    cast(sum(cost) as decimal(38, 0)) as cost_pico,
    cast(sum(cost + coalesce(band_low, 0)) as decimal(38, 0)) as cost_low_pico,
    cast(sum(cost + coalesce(band_high, 0)) as decimal(38, 0)) as cost_high_pico
from usage_day_detail_priced
where true
group by all
order by all;
