-- One row per balance shown that was not removed, of an account that was not, in the order in which they were read.
select r.reading_id, r.account_id, r.read_at, cast(r.pico as varchar), r.note
from reading r
join account a on a.account_id = r.account_id and a.removed_at is null
where r.removed_at is null
order by r.read_at, r.reading_id;
