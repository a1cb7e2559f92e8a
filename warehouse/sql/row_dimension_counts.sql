-- One row: how many tasks, sessions and people are named.
select
    (select count(*) from task_cost),
    (select count(distinct session_id) from usage where session_id is not null),
    (select count(distinct user_hash) from usage where user_hash is not null);
