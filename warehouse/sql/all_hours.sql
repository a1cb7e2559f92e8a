-- One row per billing hour in a stretch of the whole usage.
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone)))
from usage
where start_at >= $from and start_at < $until;
