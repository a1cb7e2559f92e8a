-- Adds one account; gives its number back, one row.
insert into account by name
select
    coalesce(max(account_id), 0) + 1 as account_id, $name as name, $seller as seller, $currency as currency,
    $org as org, $team as team, $key_alias as key_alias, $note as note, cast($now as timestamp) as entered_at
from account
returning account_id;
