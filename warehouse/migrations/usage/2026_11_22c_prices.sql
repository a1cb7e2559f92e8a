-- Rates with terms (contexts, hours, service tiers, regions, contracts), how the cards stood at any time, and re-rates.

-- `valid_until`, `card`, `precedence`, `source`, `checked`, `confidence`, `note` and `active` are as the cards say now.
alter table rate add column context_from bigint default 0;
alter table rate add column context_until bigint default 9223372036854775807;
alter table rate add column window_name varchar;
alter table rate add column zone varchar;
alter table rate add column week varchar default '[[0, 10080]]';
alter table rate add column tier varchar default 'standard';
alter table rate add column cell_region varchar default '';
alter table rate add column org varchar default '';
alter table rate add column team varchar default '';
alter table rate add column correction integer default 0;

-- One row per rate, card and stretch of time in which this warehouse knew it so: what may change about a rate.
create table rate_stand (
    rate_id integer not null, known_from timestamp not null, known_until timestamp not null,
    entry varchar not null, card varchar not null, precedence integer not null, list_precedence integer not null,
    valid_until timestamp not null, strings varchar[] not null,
    source varchar not null, checked date not null, confidence varchar not null, note varchar,
    promotion varchar, corrects varchar, sightings varchar not null,
);
insert into rate_stand
select
    rate_id, recorded_at, timestamp '9999-12-31', digest, card, precedence, precedence, valid_until,
    list_distinct(list_concat([model], coalesce((select list(s.model) from rate_span s where s.rate_id = rate.rate_id), []))),
    source, checked, confidence, note, null, null, '[]'
from rate
where active;

-- One row per calls that one rate prices: of a seller, a model string, a stretch of time, and terms. Disjoint.
drop table rate_span;
create table rate_span (
    seller varchar not null, model varchar not null, valid_from timestamp not null, valid_until timestamp not null,
    rate_id integer not null, org varchar not null, team varchar not null, region varchar not null,
    tier varchar not null, context_from bigint not null, context_until bigint not null, zone varchar,
    week_from integer not null, week_until integer not null,
);

-- One row per organisation, team or region that a rate of a seller names.
create table rate_scope (seller varchar not null, kind varchar not null, name varchar not null);

-- The tier by which a call is charged, in the card's words.
create macro tier_of(service_tier, batch) as case
    when coalesce(batch, false) then 'batch'
    when service_tier is null then 'standard'
    -- Not `in`: of six constants DuckDB makes a join, which loses the order of lines.
    when list_contains(['default', 'standard', 'auto', 'on_demand', 'standard_only', ''], lower(trim(service_tier)))
        then 'standard'
    else lower(trim(service_tier)) end;

-- A model string with its first day replaced by {date}.
create macro dated_name(model) as regexp_replace(model, '20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6}', '{date}');

-- The minute of the week, from Monday 00:00 on, on a zone's wall clock.
create macro minute_of_week(instant, zone) as
    (isodow(local_of(instant, zone)) - 1) * 1440 + hour(local_of(instant, zone)) * 60 + minute(local_of(instant, zone));

-- What a cell of the rollups needs to be rated once more: its terms, and why it is unpriced.
alter table usage_hour add column tier varchar;
alter table usage_hour add column region varchar;
alter table usage_hour add column org varchar;
alter table usage_hour add column unpriced_reason varchar;
alter table usage_hour add column negative bigint;

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
from usage
where counted and granularity in ('request', 'iteration');

-- One row per cell of usage_hour, with its cost in pico-units of its currency; NULL where it is unknown.
create or replace view usage_hour_priced as
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
from usage_hour c
left join rate r on r.rate_id = c.rate_id;

-- What was loaded before has these columns too: the next load rebuilds the rollups and reads every card again.
update meta set value = '' where name = 'billing_zone';
delete from meta where name = 'cards';
