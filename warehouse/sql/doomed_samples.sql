-- One row: readings of counters from before an instant, which go where everybody's calls do.
select count(*) from counter_sample where $hashes is null and read_at < $until;
