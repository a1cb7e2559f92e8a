-- What the band of a doubtful call is made from, so that a rate found later gives it one too; and re-rates.

alter table usage add column cache_read_other bigint;
alter table usage add column cache_unseen boolean;
alter table usage add column cache_unproven boolean;
alter table usage add column beyond_tokens boolean;

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
from usage u
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

-- One row per recorded re-rate: what was priced again, by what, by whom; amounts as JSON, by currency, in pico-units.
create table rerate_run (
    run_id integer not null, name varchar not null, kind varchar not null, basis varchar not null,
    basis_digest varchar not null, scope varchar not null, traffic_digest varchar not null,
    who varchar not null, run_at timestamp not null, data_through timestamp,
    requests bigint not null, changed bigint not null, row_by_row bigint not null,
    total_before varchar not null, total_after varchar not null,
);

-- One row per run, cell of usage_hour and rate found: what the cell's calls (or those of them) cost before and after.
create table rerate_cell (
    run_id integer not null, hour_at timestamp not null, day date not null, seller varchar, model varchar, team varchar,
    rate_id integer, costing varchar not null, currency varchar, context_bucket tinyint, tier varchar, region varchar,
    org varchar, unpriced_reason varchar, is_cut boolean not null,
    new_rate_id integer, new_currency varchar, new_unpriced_reason varchar, requests bigint not null,
    cost decimal(38, 0), new_cost decimal(38, 0),
);

-- One row per run and call of a cell that a rate cuts in time or context: such a cell has several rates.
create table rerate_row (run_id integer not null, record_key varchar not null, new_rate_id integer);

-- One row per fill of calls that had no rate: the rows keep it, this keeps who did it and what it came to.
create table rerate_fill (
    filled_at timestamp not null, who varchar not null, scope varchar not null, seller varchar, model varchar,
    rate_id integer not null, requests bigint not null, first_at timestamp not null, last_at timestamp not null,
    currency varchar, cost decimal(38, 0),
);
