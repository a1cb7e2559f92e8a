-- One row per group and currency, dearest first; rows without a price have no currency and no cost.
select
    currency,
    cast(sum(cost) as decimal(38, 0)) as cost,
    cast(sum(cost + coalesce(band_low, 0)) as decimal(38, 0)) as cost_low,
    cast(sum(cost + coalesce(band_high, 0)) as decimal(38, 0)) as cost_high,
    sum(requests) as requests,
    coalesce(sum(requests) filter (costing = 'unknown'), 0) as unpriced,
    sum(errors) as errors,
    sum(review) as review,
    sum(partial) as partial,
    coalesce(sum(input), 0) + coalesce(sum(input_image), 0) + coalesce(sum(input_audio), 0)
        + coalesce(sum(input_video), 0) as input,
    coalesce(sum(cache_read), 0) as cache_read,
    coalesce(sum(cache_write_5m), 0) + coalesce(sum(cache_write_1h), 0) + coalesce(sum(cache_write), 0)
        as cache_written,
    coalesce(sum(output), 0) + coalesce(sum(output_audio), 0) + coalesce(sum(output_image), 0) as output,
    coalesce(sum(reasoning), 0) as reasoning,
    -- Of one currency alone: amounts of several are no sum.
    case when min(cost_reported_currency) = max(cost_reported_currency) then sum(cost_reported) end as cost_reported,
    sum(reported) as reported,
    case when min(cost_reported_currency) = max(cost_reported_currency) then min(cost_reported_currency) end
        as reported_currency
from usage_day_priced
where true
group by all
order by currency nulls last, cost desc nulls last, requests desc;
