-- Tags that the settings promote are dimensions of the rollup of all dimensions.

-- The promoted tags of a call, in order of name; NULL where it has none of them.
alter table usage_day_detail add column tags map(varchar, varchar);

-- Of a call's tags those that are promoted, in order of name: equal tags are an equal map.
create macro promoted_of(tags, promoted) as case
    when len(cast(promoted as varchar[])) > 0 and list_has_any(map_keys(tags), cast(promoted as varchar[]))
        then map_from_entries(list_sort(list_filter(
            map_entries(tags), lambda entry: list_contains(cast(promoted as varchar[]), entry.key)))) end;

-- One row per counted call: the dimensions of the rollups, and their measures under the prefix `sum_`.
create or replace view usage_cell as
select
    start_at, source, gateway, seller, base_url, region, upstream_provider, operation,
    coalesce(model_served, model_requested) as model, model_requested, role, service_tier, batch, rate_id, costing,
    currency, unpriced_reason, usage_status, http_status, error_category, finish_reason, gateway_cache_hit,
    billable_reason, streamed, tools, json_schema, image, video, reasoning_effort,
    org, team, project, environment, application, key_alias, tags, task, cost_reported_currency,
    context_bucket_of(
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
    ) as context_bucket,
    cast(1 as bigint) as sum_requests, cast(error_category is not null as bigint) as sum_errors,
    cast(review is not null as bigint) as sum_review, cast(usage_status = 'partial' as bigint) as sum_partial,
    input as sum_input,
    cache_read as sum_cache_read,
    cache_write_5m as sum_cache_write_5m,
    cache_write_1h as sum_cache_write_1h,
    cache_write as sum_cache_write,
    output as sum_output,
    input_image as sum_input_image,
    input_audio as sum_input_audio,
    input_video as sum_input_video,
    output_audio as sum_output_audio,
    output_image as sum_output_image,
    web_search as sum_web_search,
    request as sum_request,
    reasoning as sum_reasoning,
    cast(cost_low - cost_read as decimal(38, 0)) as sum_band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as sum_band_high,
    cast(cost_reported as decimal(38, 0)) as sum_cost_reported, cast(cost_reported is not null as bigint) as sum_reported,
from usage_by_task
where counted and granularity in ('request', 'iteration');

-- One row per cell of usage_day_detail, with its cost in pico-units of its currency; NULL where it is unknown.
create or replace view usage_day_detail_priced as
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read) +
            amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) +
            amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h) +
            amount(cast(c.cache_write as hugeint), r.cache_write) +
            amount(cast(c.output as hugeint), r.output) +
            amount(cast(c.input_image as hugeint), r.input_image) +
            amount(cast(c.input_audio as hugeint), r.input_audio) +
            amount(cast(c.input_video as hugeint), r.input_video) +
            amount(cast(c.output_audio as hugeint), r.output_audio) +
            amount(cast(c.output_image as hugeint), r.output_image) +
            amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from usage_day_detail c
left join rate r on r.rate_id = c.rate_id;
