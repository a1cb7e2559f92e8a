-- One row per task to look at: its number, how many calls it has, and when they began and ended, in microseconds.
select
    number, cast(requests as bigint) as requests, epoch_us(first_at) as first_us, epoch_us(last_at) as last_us
from loop_task
order by number;
