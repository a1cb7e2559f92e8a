-- One row per task that began in the period, with its billing day: a view, where a table would hold a million tasks again.
set variable task_since = cast($since as date);
set variable task_until = cast($until as date);
set variable task_zone = coalesce((select max(value) from meta where name = 'billing_zone'), 'UTC');
create or replace temp view task_begun as
select
    *, cast(local_of(first_at, getvariable('task_zone')) as date) as first_day,
    unpriced = 0 and cost is not null as is_known
from task_cost
-- In instants, two days wide of any zone: of tasks that began further inside the period the day is not looked up.
where (getvariable('task_since') is null or (
        first_at >= cast(getvariable('task_since') as timestamp) - interval 2 day
        and (first_at >= cast(getvariable('task_since') as timestamp) + interval 2 day
            or cast(local_of(first_at, getvariable('task_zone')) as date) >= getvariable('task_since'))))
    and (getvariable('task_until') is null or (
        first_at < cast(getvariable('task_until') as timestamp) + interval 3 day
        and (first_at < cast(getvariable('task_until') as timestamp) - interval 1 day
            or cast(local_of(first_at, getvariable('task_zone')) as date) <= getvariable('task_until'))));
