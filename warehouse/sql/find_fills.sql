-- One row per call without a price for want of a rate that has one now, or another reason to have none: as a load
-- prices it.
create or replace temp table fill as
with usage_row as (
    select
        *, rowid as place, cast(local_of(start_at, $zone) as date) as day,
        coalesce(model_served, model_requested) as model
    from usage
    where costing = 'unknown' and unpriced_reason like 'no %rate'
),
call as (
    select
        * exclude (day, model, cost_read, cost_low, cost_high),
        coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0) + coalesce(cache_write, 0)
            as cached,
        output + coalesce(output_audio, 0) + coalesce(output_image, 0) as output_read
    from usage_row
    where true
),
-- include: find_rate
billed_call as (
    select
        c.* exclude (span_rate_id) replace (c.span_rate_id as rate_id), c.billable as is_billable,
        c.input is not null and c.output is not null as has_usage, c.cost_reported_currency as cost_currency,
        -- The prompt's count, as the flavour has it.
        c.input + coalesce(c.input_audio, 0) + coalesce(c.input_image, 0) + coalesce(c.input_video, 0)
            + case when f.cache_inside_input then c.cached else 0 end as prompt
    from rated_call c
    left join flavour f on f.name = c.usage_flavour
),
-- include: price_call
select
    p.place, p.seller, coalesce(p.model_served, p.model_requested) as model, p.start_at,
    task_of(p.task, p.trace_id, p.session_id, p.tags, p.gap_task) as task,
    p.counted and p.granularity in ('request', 'iteration') as counted,
    case when p.why_unpriced like 'no % rate' then null else p.rate_id end as rate_id, p.how, p.why_unpriced,
    p.cost_currency_found as currency, p.review,
    case when p.how <> 'unknown' then p.declared end as cost_read, p.cost_low, p.cost_high,
    amount(p.input, p.rate.input) + amount(p.cache_read, p.rate.cache_read)
        + amount(p.cache_write_5m, p.rate.cache_write_5m) + amount(p.cache_write_1h, p.rate.cache_write_1h)
        + amount(p.cache_write, p.rate.cache_write) + amount(p.output, p.rate.output)
        + amount(p.input_image, p.rate.input_image) + amount(p.input_audio, p.rate.input_audio)
        + amount(p.input_video, p.rate.input_video) + amount(p.output_audio, p.rate.output_audio)
        + amount(p.output_image, p.rate.output_image) + amount(p.web_search, p.rate.web_search)
        + amount(p.request, p.rate.request) as cost
from priced_call p
where p.how <> 'unknown' or p.why_unpriced <> p.unpriced_reason;
