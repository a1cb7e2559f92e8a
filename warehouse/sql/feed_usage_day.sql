-- One row per billing day, who asked, what was asked of whom, and the rate: the calls, what they used, what it cost.
select
    day, org, team, project, environment, application, key_alias, source, gateway, seller, region, upstream_provider,
    operation, model_requested, model, role, service_tier, batch, reasoning_effort, costing, unpriced_reason, rate_id,
    currency, cost_reported_currency,
    cast(sum(requests) as bigint) as requests, cast(sum(errors) as bigint) as errors,
    cast(sum(review) as bigint) as review, cast(sum(partial) as bigint) as partial,
    cast(sum(reported) as bigint) as reported,
    cast(sum(input) as bigint) as input, cast(sum(cache_read) as bigint) as cache_read,
    cast(sum(cache_write_5m) as bigint) as cache_write_5m, cast(sum(cache_write_1h) as bigint) as cache_write_1h,
    cast(sum(cache_write) as bigint) as cache_write, cast(sum(output) as bigint) as output,
    cast(sum(input_image) as bigint) as input_image, cast(sum(input_audio) as bigint) as input_audio,
    cast(sum(input_video) as bigint) as input_video, cast(sum(output_audio) as bigint) as output_audio,
    cast(sum(output_image) as bigint) as output_image, cast(sum(web_search) as bigint) as web_search,
    cast(sum(request) as bigint) as request, cast(sum(reasoning) as bigint) as reasoning,
    cast(sum(cost) as decimal(38, 0)) as cost_pico,
    cast(sum(cost + coalesce(band_low, 0)) as decimal(38, 0)) as cost_low_pico,
    cast(sum(cost + coalesce(band_high, 0)) as decimal(38, 0)) as cost_high_pico,
    cast(sum(cost_reported) as decimal(38, 0)) as cost_reported_pico
from usage_day_detail_priced
where true
group by all
order by all;
