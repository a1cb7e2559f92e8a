-- What a recorder sees beside the counts: where the call went, which attempts are of one call, how long messages were.

alter table usage add column api_path varchar;
alter table usage add column service_tier_asked varchar;
alter table usage add column logical_call varchar;

-- Messages of the request, and how many of them, from the first, the request before in the task had as well.
alter table usage add column sent_messages integer;
alter table usage add column known_messages integer;
-- Characters of the other messages, the new ones, and their images, sounds, videos and files; NULL: not known.
alter table usage add column new_answer_chars integer;
alter table usage add column new_call_chars integer;
alter table usage add column new_thinking_chars integer;
alter table usage add column new_other_chars integer;
alter table usage add column new_media integer;
-- Characters of the answer, as far as it was delivered.
alter table usage add column answer_chars integer;
alter table usage add column call_chars integer;
alter table usage add column thinking_chars integer;

-- One row per report of a recorder that it could not keep up: so many calls it left out, since when, and when it said so.
create table dropped_calls (
    file_id integer not null, line bigint not null, record_key varchar not null, calls bigint not null,
    since timestamp, told_at timestamp not null,
);

-- One row per usage row, with its task by the rule.
create or replace view usage_by_task as
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
