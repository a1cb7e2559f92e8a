-- One row per record of the load and deletion that keeps it out: by its time, or by its key.
insert into left_deleted
select k.place, d.deletion_id, d.who, d.deleted_at
from batch_key k
join deletion d on d.lifted_at is null and d.user_hashes is null and k.start_at < d.until
union all
select k.place, d.deletion_id, d.who, d.deleted_at
from batch_key k
join deleted_key e on e.deleted_key = k.record_key
join deletion d on d.deletion_id = e.deletion_id;
