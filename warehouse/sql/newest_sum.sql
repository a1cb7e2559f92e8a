-- One row: the day (UTC) of the newest bucket or reading of a counter.
select cast(greatest(
    (select max(start_at) from usage where granularity = 'bucket'), (select max(read_at) from counter_sample)) as date);
