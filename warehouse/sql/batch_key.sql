-- One row per record of the load that is to be stored: its place in the batch, and what tells it from others.
create or replace temp table batch_key as
select place, line, record_key, start_at, time_quality, task, fullness, granularity = 'bucket' as is_sum
from batch
where granularity not in ('span', 'counter_sample', 'dropped');
