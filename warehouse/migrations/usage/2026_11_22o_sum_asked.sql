-- A seller's sums are put right for days after: the newest answer about a day is the one that counts.

-- One row per day (UTC) of a seller's own sums that was asked for as a whole: the report, its grouping, and when last.
create table sum_asked (
    source varchar not null, report varchar not null, grouped_by varchar not null, day date not null,
    asked_at timestamp not null, file_id integer not null
);
