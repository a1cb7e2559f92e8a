-- One row: when the newest counted call up to a day began, the first day with one, and how many are of later days.
select
    (
        select max(start_at)
        from usage
        where counted and granularity in ('request', 'iteration')
            and start_at >= h.newest and start_at < h.newest + interval 1 hour
    ),
    h.first_day, h.later, h.last_day
from (
    select
        max(hour_at) filter (day <= $today) as newest, min(day) filter (day <= $today) as first_day,
        cast(coalesce(sum(requests) filter (day > $today), 0) as bigint) as later,
        max(day) filter (day > $today) as last_day
    from usage_hour
) h;
