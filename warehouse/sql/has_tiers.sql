-- One row where calls of tasks in scope have two tiers of effort at one model and seller; else none.
with call as (
    select model, seller, coalesce(reasoning_effort, tags['effort'], tags['tier']) as effort
    from usage_row
    where task is not null and true
)
select model from call group by model, seller having min(effort) <> max(effort) limit 1;
