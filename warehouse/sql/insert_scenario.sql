-- Adds one scenario; gives its number back, one row.
insert into scenario by name
select
    coalesce(max(scenario_id), 0) + 1 as scenario_id, $name as name, $owner as owner, $document as document,
    $billed as billed, $cost as cost, $rates_digest as rates_digest, $data_digest as data_digest,
    cast($data_through as timestamp) as data_through, cast($now as timestamp) as created_at,
    cast($now as timestamp) as changed_at, $who as changed_by, cast($demo as boolean) as demo
from scenario
returning scenario_id;
