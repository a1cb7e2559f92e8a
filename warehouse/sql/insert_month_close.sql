-- Adds one closing of a month; gives its number back, one row.
insert into month_close by name
select
    coalesce(max(closing_id), 0) + 1 as closing_id, cast($month as date) as month, cast($now as timestamp) as closed_at,
    $who as who, $zone as zone, cast($data_through as timestamp) as data_through, $rates as rates,
    $rates_digest as rates_digest, $incomplete as incomplete, $previous as previous, $digest as digest
from month_close
returning closing_id;
