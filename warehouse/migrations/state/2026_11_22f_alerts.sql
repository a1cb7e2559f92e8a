-- What was told already, so that it is told once.

-- One row per alert that was told. `kind` is budget or anomaly, `subject` the budget or scope it is about, `what` the
-- threshold or direction, `period` the first day of the budget's period or of the anomaly's episode.
create table alert_sent (
    kind varchar not null, subject varchar not null, what varchar not null, period date not null,
    told_at timestamp not null,
);
