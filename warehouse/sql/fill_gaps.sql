-- Writes the task that pauses make on each call, one row each, that lies in these times and says otherwise.
update usage
set gap_task = t.task
from gap_call c
join gap_stretch t on t.number = c.number and t.stretch = c.stretch
where usage.rowid = c.place and usage.gap_task is distinct from t.task and usage.start_at between $from and $until
    and c.start_at between $from and $until and t.last_at >= $from and t.first_at <= $until;
