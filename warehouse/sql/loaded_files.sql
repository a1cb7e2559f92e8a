-- One row: how many files are loaded, and what they hold.
select count(*), cast(coalesce(sum(records), 0) as bigint), cast(coalesce(sum(rejected), 0) as bigint)
from ingest_file;
