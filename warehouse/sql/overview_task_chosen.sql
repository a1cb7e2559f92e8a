-- One row per task that began in the period and has a call by the sellers, models and teams asked for; it counts whole.
create or replace temp table task_chosen as
select *
from task_begun
where task in (
    select task
    from task_rate
    where ($seller is null or list_contains($seller, seller))
        and ($model is null or list_contains($model, model))
        and ($team is null or list_contains($team, team))
);
create or replace temp view task_in_scope as select * from task_chosen;
