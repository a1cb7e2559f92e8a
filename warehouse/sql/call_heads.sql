-- One row per row of the calls in question: by its answer's id, which row of the call is counted in its stead.
create or replace temp table call_head as
with ranked as (
    select
        *, sighting_rank(call_row) as standing,
        coalesce(start_at - lag(start_at) over (partition by response_id order by start_at) > interval 1 day, false)
            as is_apart,
        bool_or(time_quality = 'given') over (partition by response_id) as fits_any_time
    from call_row
),
-- An id that comes again a day and more after it was last seen is another call's.
stretched as (
    select
        *,
        count(*) filter (is_apart and not fits_any_time) over (partition by response_id order by start_at) as stretch
    from ranked
),
seller_of as (
    select response_id, stretch, count(distinct seller) as sellers, min(seller) as seller
    from stretched
    group by response_id, stretch
),
-- A row that does not know its seller is of the one seller who gave this id, unless several did.
called as (
    select
        s.*,
        case
            when s.response_id is null or (s.seller is null and length(s.response_id) < 8) then row(s.record_key, -1, '')
            else row(s.response_id, s.stretch,
                coalesce(s.seller, case when o.sellers = 1 then o.seller end, ''))
        end as call
    from stretched s
    left join seller_of o on o.response_id = s.response_id and o.stretch = s.stretch
),
best as (
    select call, arg_max(record_key, standing) as record_key, arg_max(source, standing) as source
    from called
    group by call
)
select
    c.record_key, c.start_at, c.task_by_rule as task, c.counted, c.sighting_of, c.standing,
    case when c.source = best.source then c.record_key else best.record_key end as head
from called c
join best on best.call = c.call;
