-- One row per server and model: the stretch of readings in which most output came in a second, with what the server
-- worked through in it. A stretch is all of an hour's steps from reading to reading, or one step of 10 minutes and more;
-- steps of an hour that are shorter in all tell too little and are in none.
with step as (
    select
        base_url, model_served as model, from_at, start_at as read_at, epoch(start_at - from_at) as seconds,
        case when start_at - from_at < interval 10 minutes then date_trunc('hour', from_at) else from_at end as begun,
        start_at - from_at < interval 10 minutes as is_short, input, cache_read, output
    from counter_delta
    where source = 'prometheus' and model_served is not null and start_at > from_at
),
stretch as (
    select
        base_url, model, begun, min(from_at) as from_at, max(read_at) as read_at, sum(seconds) as seconds,
        sum(input) as input, case when bool_and(cache_read is not null) then sum(cache_read) end as cache_read,
        sum(output) as output
    from step
    group by base_url, model, begun, is_short
    having sum(seconds) >= 600 and sum(input) > 0 and sum(output) > 0
)
select
    base_url, model, from_at, read_at, cast(round(seconds * 1000000) as bigint) as microseconds,
    cast(input as bigint) as input, cast(cache_read as bigint) as cache_read, cast(output as bigint) as output
from stretch
qualify row_number() over (partition by base_url, model order by output / seconds desc, begun) = 1
order by output / seconds desc, base_url, model;
