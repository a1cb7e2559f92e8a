-- One row: demo files, other files, the demo's own present, and the newest record.
select
    count(*) filter (demo), count(*) filter (not demo),
    (select cast(value as timestamp) from meta where name = 'demo_now'),
    max(last_at)
from ingest_file;
