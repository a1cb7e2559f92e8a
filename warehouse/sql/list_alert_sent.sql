-- One row per alert that was told, the oldest first.
select kind, subject, what, period, told_at from alert_sent order by told_at, kind, subject, what, period;
