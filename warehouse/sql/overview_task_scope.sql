-- One row per task that began in the period and has a call by the sellers, models and teams asked for; it counts whole.
create or replace temp table task_in_scope as
select *, unpriced = 0 and cost is not null as is_known
from task_cost
where ($since is null or cast(local_of(first_at, $zone) as date) >= $since)
    and ($until is null or cast(local_of(first_at, $zone) as date) <= $until)
    and ($everything or task in (
        select task
        from task_rate
        where ($seller is null or list_contains($seller, seller))
            and ($model is null or list_contains($model, model))
            and ($team is null or list_contains($team, team))
    ));
