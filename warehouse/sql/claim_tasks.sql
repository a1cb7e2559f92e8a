-- One row per task that models of these names did alone, advisors aside: its calls, its cost by currency, its advisors.
create temp table if not exists claim_task (
    model varchar, task varchar, first_at timestamp, last_at timestamp, requests bigint, unpriced bigint,
    costs map(varchar, decimal(38, 0)), is_advised boolean
);
delete from claim_task where model = $model;
insert into claim_task
with its as (
    select distinct task from task_rate where list_contains($models, model)
),
helped as (
    select distinct task
    from task_rate
    where task in (select task from its) and model is not null and not list_contains($models, model)
),
-- Of tasks with other models, too: those in which the others only advised.
advised as (
    select task, bool_and(role is not distinct from 'advisor') as is_advice_alone
    from usage_row
    where task in (select task from helped) and model is not null and not list_contains($models, model)
    group by task
)
select
    $model, c.task, c.first_at, c.last_at, c.requests, c.unpriced, c.costs, coalesce(a.is_advice_alone, false) as is_advised
from task_cost c
join its on its.task = c.task
left join advised a on a.task = c.task
where coalesce(a.is_advice_alone, true);
