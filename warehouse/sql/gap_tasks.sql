-- One row per call of these spans that no id names: its line of work and the stretch without a longer pause it is in.
create or replace temp table gap_call as
with call as (
    select
        u.rowid as place, s.line, u.start_at, u.gap_task as was,
        coalesce(u.start_at - lag(u.start_at) over (partition by s.line order by u.start_at) > cast($gap as interval), true)
            as begins
    from usage u
    join gap_span s
        on s.line = line_of(u.application, u.user_hash, u.key_alias, u.team, u.project)
        and u.start_at between s.first_at and s.last_at
    where u.start_at between $from and $until and u.granularity in ('request', 'iteration')
        and named_task(u.task, u.trace_id, u.session_id, u.tags) is null
),
stretched as (
    select *, count(*) filter (begins) over (partition by line order by start_at) as stretch
    from call
)
select
    place, line, start_at, was,
    concat(line, ' from ', strftime(min(start_at) over (partition by line, stretch), '%Y-%m-%dT%H:%M:%SZ')) as task
from stretched;
-- One row per stretch: what was made of these spans before gives way to it, and the tasks of both are touched.
insert into touched_task
select g.task, g.first_at, g.last_at
from gap_task g
join gap_span s on s.line = g.line and g.first_at between s.first_at and s.last_at;
delete from gap_task g using gap_span s where s.line = g.line and g.first_at between s.first_at and s.last_at;
insert into gap_task select line, task, min(start_at), max(start_at) from gap_call group by line, task;
insert into touched_task select task, min(start_at), max(start_at) from gap_call group by task;
update usage
set gap_task = c.task
from gap_call c
where usage.rowid = c.place and c.was is distinct from c.task and usage.start_at between $from and $until;
