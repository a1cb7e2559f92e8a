-- Adds one top-up; gives its number back, one row.
insert into topup by name
select
    coalesce(max(topup_id), 0) + 1 as topup_id, $account_id as account_id,
    cast($credited_at as timestamp) as credited_at, cast($pico as decimal(38, 0)) as pico,
    cast($fee as decimal(38, 0)) as fee, cast($expires as date) as expires, $note as note,
    cast($now as timestamp) as entered_at
from topup
returning topup_id;
