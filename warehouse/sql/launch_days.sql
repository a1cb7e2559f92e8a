-- One row per day: its tasks, sessions, users and calls, and how many calls name a session, a user and a task.
with
-- include: launch_calls
one as (select 1)
select
    day, cast(count(distinct of_task) as bigint) as tasks, cast(count(distinct session_id) as bigint) as sessions,
    cast(count(distinct user_hash) as bigint) as users, cast(count(*) as bigint) as calls,
    cast(count(session_id) as bigint) as with_session, cast(count(user_hash) as bigint) as with_user,
    cast(count(*) filter (of_task <> record_key) as bigint) as with_task
from call
group by day
order by day;
