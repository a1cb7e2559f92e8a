-- One row per call of these spans that no id names: its line of work, by number, and whether a longer pause is before it.
create or replace temp table gap_begin as
select
    place, number, start_at,
    coalesce(start_at - lag(start_at) over (partition by number order by start_at, place) > cast($gap as interval), true)
        as begins
from (
    select u.rowid as place, s.number, u.start_at
    from usage u
    join gap_span s
        on s.line = line_of(u.application, u.user_hash, u.key_alias, u.team, u.project)
        and u.start_at between s.first_at and s.last_at
    where u.start_at between $from and $until and u.granularity in ('request', 'iteration')
        and named_task(u.task, u.trace_id, u.session_id, u.tags) is null
);
-- One row per such call: which stretch of its line it is in. A filter in place of the sum would be a thousand times slower.
create or replace temp table gap_call as
select
    place, number, start_at,
    sum(cast(begins as integer)) over (
        partition by number order by start_at, place rows between unbounded preceding and current row
    ) as stretch
from gap_begin
-- Where they are written, they are looked up month by month.
order by start_at;
drop table gap_begin;
-- One row per stretch: the task that it is.
create or replace temp table gap_stretch as
select
    c.number, c.stretch, any_value(s.line) as line, min(c.start_at) as first_at, max(c.start_at) as last_at,
    concat(any_value(s.line), ' from ', strftime(min(c.start_at), '%Y-%m-%dT%H:%M:%SZ')) as task
from gap_call c
join gap_span s on s.number = c.number
group by c.number, c.stretch;
