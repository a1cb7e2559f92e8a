-- What was paid before it was used, and months that were closed.

-- One row per account with a seller that is paid in advance. What was removed keeps its number.
create table account (
    account_id integer not null, name varchar not null, seller varchar not null, currency varchar not null,
    org varchar, team varchar, key_alias varchar, note varchar, entered_at timestamp not null, removed_at timestamp,
);

-- One row per top-up, in pico-units: what was credited, and apart from it the fee that was paid for it.
create table topup (
    topup_id integer not null, account_id integer not null, credited_at timestamp not null,
    pico decimal(38, 0) not null, fee decimal(38, 0), expires date, note varchar, entered_at timestamp not null, removed_at timestamp,
);

-- One row per balance that a seller showed at an instant, in pico-units, as a person read it there.
create table reading (
    reading_id integer not null, account_id integer not null, read_at timestamp not null, pico decimal(38, 0) not null,
    note varchar, entered_at timestamp not null, removed_at timestamp,
);

-- One row per closing of a month; a month that was reopened keeps its row, with who did it and why.
create table month_close (
    closing_id integer not null, month date not null, closed_at timestamp not null, who varchar not null,
    zone varchar not null, data_through timestamp, rates integer not null, rates_digest varchar not null,
    incomplete varchar, previous varchar, digest varchar not null,
    reopened_at timestamp, reopened_by varchar, reason varchar,
);

-- One row per closing and frozen line; a line about an earlier month is an adjustment. `counts` holds what is not 0.
create table month_close_line (
    closing_id integer not null, about date not null, kind varchar not null, seller varchar, model varchar,
    team varchar, project varchar, charge varchar, currency varchar, counts map(varchar, decimal(38, 0)) not null,
);
