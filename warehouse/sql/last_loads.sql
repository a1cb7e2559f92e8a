-- One row per source: when a file of it was last loaded, and the newest call in any of them.
select source, max(loaded_at), max(last_at)
from ingest_file
group by source
order by source;
