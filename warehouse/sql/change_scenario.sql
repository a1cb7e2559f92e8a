-- Says anew what one scenario, one row, says and came to.
update scenario
set
    name = $name, owner = $owner, document = $document, billed = $billed, cost = $cost, rates_digest = $rates_digest,
    data_digest = $data_digest, data_through = cast($data_through as timestamp), changed_at = cast($now as timestamp),
    changed_by = $who, demo = cast($demo as boolean)
where scenario_id = $number;
