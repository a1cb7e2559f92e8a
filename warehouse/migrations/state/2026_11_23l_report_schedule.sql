-- Reports that are to be written again and again, and what was written.

-- One row per schedule of reports. `document` is what it says, as JSON; `first_day` lies in the first period that it is
-- for. What was removed keeps its number.
create table report_schedule (
    report_schedule_id integer not null, name varchar not null, document varchar not null, first_day date not null,
    changed_at timestamp not null, changed_by varchar not null, removed_at timestamp,
);

-- One row per period of a schedule that is done: its files with their digests as JSON (none: there was nothing to
-- write), and what became of sending them.
create table report_written (
    report_schedule_id integer not null, period varchar not null, first_day date not null, last_day date not null,
    files varchar not null, note varchar, delivery varchar not null, written_at timestamp not null,
);
