-- One row per scenario that was not removed, in the order of their numbers.
select
    scenario_id, name, owner, document, billed, cost, rates_digest, data_digest, data_through, created_at, changed_at,
    changed_by, demo
from scenario
where removed_at is null
order by scenario_id;
