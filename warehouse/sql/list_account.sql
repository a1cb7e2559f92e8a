-- One row per account that was not removed, in the order of their numbers.
select account_id, name, seller, currency, org, team, key_alias, note
from account
where removed_at is null
order by account_id;
