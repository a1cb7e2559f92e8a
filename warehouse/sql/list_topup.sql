-- One row per top-up that was not removed, of an account that was not, in the order in which they were credited.
select t.topup_id, t.account_id, t.credited_at, cast(t.pico as varchar), cast(t.fee as varchar), t.expires, t.note
from topup t
join account a on a.account_id = t.account_id and a.removed_at is null
where t.removed_at is null
order by t.credited_at, t.topup_id;
