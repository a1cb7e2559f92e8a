-- Adds one charge; gives its number back, one row.
insert into charge by name
select
    coalesce(max(charge_id), 0) + 1 as charge_id, $name as name, $kind as kind, cast($pico as decimal(38, 0)) as pico,
    $currency as currency, $quantity as quantity, $unit_price as unit_price, $period as period,
    cast($first_day as date) as first_day, cast($last_day as date) as last_day, $org as org, $team as team,
    $project as project, $seller as seller, $note as note, $source as source, cast($now as timestamp) as entered_at
from charge
returning charge_id;
