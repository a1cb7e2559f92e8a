-- One row per task that models of these names did alone, advisors aside: its calls, its cost by currency, its advisors.
-- A view on what each task's row says of itself; only tasks of several models are looked up and held.
create temp table if not exists claim_name (model varchar, string varchar);
create temp table if not exists claim_several (model varchar, task varchar, is_advised boolean);
delete from claim_name where model = $model;
delete from claim_several where model = $model;
insert into claim_name select $model, unnest($models);
insert into claim_several
with several as (
    select task from task_cost where models > 1
),
its as (
    select distinct task from task_rate where list_contains($models, model) and task in (select task from several)
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
select $model, its.task, coalesce(a.is_advice_alone, false)
from its
left join advised a on a.task = its.task
where coalesce(a.is_advice_alone, true);
create or replace temp view claim_task as
select n.model, c.task, c.first_at, c.last_at, c.requests, c.unpriced, c.costs, c.currency, c.cost, false as is_advised
from task_cost c
join claim_name n on n.string = c.model
where c.models = 1
union all
select s.model, c.task, c.first_at, c.last_at, c.requests, c.unpriced, c.costs, c.currency, c.cost, s.is_advised
from task_cost c
join claim_several s on s.task = c.task;
