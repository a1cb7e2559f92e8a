-- One row per task that began in the period and has a call by the sellers, models and teams asked for; it counts whole.
create or replace temp table task_in_scope as
with billing as (
    select coalesce(max(value), 'UTC') as zone from meta where name = 'billing_zone'
),
dated as (
    select task_cost.*, cast(local_of(first_at, zone) as date) as first_day
    from task_cost, billing
    -- In instants, two days wide of any zone: of no others the day is looked up.
    where ($since is null or first_at >= cast($since as timestamp) - interval 2 day)
        and ($until is null or first_at < cast($until as timestamp) + interval 3 day)
)
select *, unpriced = 0 and cost is not null as is_known
from dated
where ($since is null or first_day >= $since)
    and ($until is null or first_day <= $until)
    and ($everything or task in (
        select task
        from task_rate
        -- Not looked up at all where everything is meant.
        where not $everything
            and ($seller is null or list_contains($seller, seller))
            and ($model is null or list_contains($model, model))
            and ($team is null or list_contains($team, team))
    ));
