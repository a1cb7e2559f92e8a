-- Sums in place of calls: counters of servers of one's own, and buckets that do not say how many calls they sum.

alter table usage alter column request drop not null;

-- One row per counter of a server and moment at which it was read. `kind` says what it counts; `series` tells it from
-- the server's other counters of the kind, by engine, source or reason to finish.
create table counter_sample (
    file_id integer not null, line bigint not null, source varchar not null, seller varchar, instance varchar not null,
    model varchar, kind varchar not null, series varchar not null, read_at timestamp not null,
    time_quality time_quality not null, value bigint not null,
);

-- One row per server, model and moment at which its counters were read: by how much they grew since they were read
-- before, in the record's words. A counter that fell, or whose process began anew, counts from 0.
create view counter_delta as
with sample as (
    -- Of two values for one moment the greater is the later one.
    select
        source, instance, kind, series, read_at, max(seller) as seller, max(model) as model, max(value) as value
    from counter_sample
    group by source, instance, kind, series, read_at
),
process as (
    select source, instance, read_at, value as started from sample where kind = 'process_start'
),
step as (
    select
        s.*, p.started,
        lag(s.read_at) over pair as from_at, lag(s.value) over pair as value_before,
        lag(p.started ignore nulls) over pair as started_before
    from sample s
    left join process p using (source, instance, read_at)
    where s.kind <> 'process_start'
    window pair as (partition by s.source, s.instance, s.kind, s.series order by s.read_at)
),
growth as (
    select
        *,
        case when value < value_before or started <> started_before then value else value - value_before end as grown
    from step
    where from_at is not null
),
summed as (
    select
        source, instance, model, read_at, split_part(series, '|', 1) as family, max(seller) as seller,
        min(from_at) as from_at,
        sum(grown) filter (where kind = 'request') as request,
        sum(grown) filter (where kind = 'prompt') as prompt,
        sum(grown) filter (where kind = 'output') as output,
        -- What vLLM says by source goes before its sum, and that before what its cache says it found.
        coalesce(
            sum(grown) filter (where kind = 'cached_by_source'), sum(grown) filter (where kind = 'cached'),
            sum(grown) filter (where kind = 'cache_hit')) as cache_read
    from growth
    group by source, instance, model, read_at, family
)
select
    source, cast('counter_delta' as granularity) as granularity, seller, instance as base_url, model as model_served,
    from_at, read_at as start_at,
    cast(request as bigint) as request, cast(prompt - coalesce(cache_read, 0) as bigint) as input,
    cast(cache_read as bigint) as cache_read, cast(output as bigint) as output
from summed
-- A server may say the same under its own names and under vLLM's.
qualify row_number() over (partition by source, instance, model, read_at order by prompt desc nulls last, family) = 1;
