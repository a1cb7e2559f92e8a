-- One row per file in which a recorder says that it dropped calls: how many, since when, and when it said so last.
select f.path, cast(sum(d.calls) as bigint) as calls, min(coalesce(d.since, d.told_at)) as since, max(d.told_at) as told_at
from dropped_calls d
join ingest_file f using (file_id)
where d.told_at >= coalesce(cast($since as timestamp), d.told_at)
    and coalesce(d.since, d.told_at) < coalesce(cast($until as timestamp), d.told_at + interval 1 second)
group by f.path
order by calls desc, f.path;
