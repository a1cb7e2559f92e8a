-- One row per record of the load and deletion of its user that keeps it out.
insert into left_deleted
select b.place, d.deletion_id, d.who, d.deleted_at
from (select place, user_hash, start_at from batch where user_hash is not null) b
join deletion d on d.lifted_at is null and list_contains(d.user_hashes, b.user_hash) and b.start_at < d.until;
