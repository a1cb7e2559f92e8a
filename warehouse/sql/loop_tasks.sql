-- One row per task to look at, numbered as they began, those of more than a day last: in scope, or to try a route.
create or replace temp table loop_task as
with known as (
    select distinct task, seller, model from task_rate
),
early as (
    select known.task
    from known join task_cost using (task)
    where requests <= $most
    qualify row_number() over (partition by known.seller, known.model order by first_at, known.task) <= $early
),
newest as (
    select task
    from task_in_scope
    where requests <= $most
    qualify $newest is null or sum(requests) over (order by first_at desc, task) <= $newest
),
wanted as (
    select
        task, requests, first_at, last_at, task in (select task from newest) as in_scope,
        last_at - first_at > interval 1 day as is_long
    from task_cost
    where task in (select task from newest) or task in (select task from early)
)
select
    * exclude (is_long), row_number() over (order by is_long, first_at, task) as number
from wanted;
