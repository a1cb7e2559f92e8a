-- One row per billing hour that the load touched.
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone)))
from batch_key;
