-- What makes a task is a rule of the warehouse: `usage.task` stays what the log says, the views say what the rule makes of it.

-- The task that a pause makes of the calls that nothing else names; NULL where the rule has no pause or the call a name.
alter table usage add column gap_task varchar;

-- One row per stretch of calls of one line of work without a longer pause: the line, and the task that it is.
create table gap_task (line varchar not null, task varchar not null, first_at timestamp not null, last_at timestamp not null);

-- Whose calls a pause tells apart: one line of work.
create macro line_of(application, user_hash, key_alias, team, project) as coalesce(nullif(concat_ws(', ',
    'application ' || application, 'user ' || user_hash, 'key ' || key_alias, 'team ' || team, 'project ' || project
), ''), 'anyone');

-- The rule, as `sql/task_rule.sql` writes it: the task that a call's ids name, and with the pause; by which part.
create macro named_task(task, trace_id, session_id, tags) as task;
create macro task_of(task, trace_id, session_id, tags, gap_task) as task;
create macro task_part_of(task, trace_id, session_id, tags, gap_task) as case when task is not null then 1 end;

-- One row per usage row, with its task by the rule.
create view usage_by_task as
select * replace (task_of(task, trace_id, session_id, tags, gap_task) as task) from usage;

-- One row per usage row, with its cost in pico-units of its currency; NULL where it is unknown.
create or replace view usage_priced as
select
    u.*,
    case u.costing
        when 'rated' then amount(u.input, r.input) + amount(u.cache_read, r.cache_read) +
            amount(u.cache_write_5m, r.cache_write_5m) + amount(u.cache_write_1h, r.cache_write_1h) +
            amount(u.cache_write, r.cache_write) + amount(u.output, r.output) +
            amount(u.input_image, r.input_image) + amount(u.input_audio, r.input_audio) +
            amount(u.input_video, r.input_video) + amount(u.output_audio, r.output_audio) +
            amount(u.output_image, r.output_image) + amount(u.web_search, r.web_search) +
            amount(u.request, r.request)
        when 'free' then 0
    end as cost
from usage_by_task u
left join rate r on r.rate_id = u.rate_id;

-- One row per counted call, with the names and measures of the rollups: for dimensions that no rollup has.
create or replace view usage_row_priced as
select
    * exclude (review, cost_reported),
    cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day, coalesce(model_served, model_requested) as model,
    cast(1 as bigint) as requests, cast(error_category is not null as bigint) as errors,
    cast(review is not null as bigint) as review, cast(usage_status = 'partial' as bigint) as partial,
    cast(cost_low - cost_read as decimal(38, 0)) as band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as band_high,
    cast(cost_reported as decimal(38, 0)) as cost_reported, cast(cost_reported is not null as bigint) as reported
from usage_priced
where counted and granularity in ('request', 'iteration');

-- One row per counted call, with the names and measures of the rollups, and no cost.
create or replace view usage_row as
select
    * exclude (review, cost_reported),
    cast(local_of(start_at, (select value from meta where name = 'billing_zone')) as date) as day,
    coalesce(model_served, model_requested) as model,
    cast(1 as bigint) as requests, cast(error_category is not null as bigint) as errors,
    cast(review is not null as bigint) as review, cast(usage_status = 'partial' as bigint) as partial,
    cast(cost_low - cost_read as decimal(38, 0)) as band_low,
    cast(cost_high - cost_read as decimal(38, 0)) as band_high,
    cast(cost_reported as decimal(38, 0)) as cost_reported, cast(cost_reported is not null as bigint) as reported
from usage_by_task
where counted and granularity in ('request', 'iteration');

-- One row per counted call: the dimensions of the rollups, and their measures under the prefix `sum_`.
create or replace view usage_cell as
select
    start_at, source, gateway, seller, base_url, region, upstream_provider, operation,
    coalesce(model_served, model_requested) as model, model_requested, role, service_tier, batch, rate_id, costing,
    currency, unpriced_reason, usage_status, http_status, error_category, finish_reason, gateway_cache_hit,
    billable_reason, streamed, tools, json_schema, image, video, reasoning_effort,
    org, team, project, environment, application, key_alias, task, cost_reported_currency,
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
