-- One row per task that began in the period and has a call of what is asked for; it counts whole.
create or replace temp table task_chosen as
select *
from task_begun
where task in (
    select task
    from task_rate
    where true
);
create or replace temp view task_in_scope as select * from task_chosen;
