-- Charges that are not per token, exchange rates of one's own, and invoices.

-- One row per recurring amount, in pico-units of `currency` per period. What was removed keeps its number.
create table charge (
    charge_id integer not null, name varchar not null, kind varchar not null, pico decimal(38, 0) not null,
    currency varchar not null, quantity varchar, unit_price varchar, period varchar not null,
    first_day date not null, last_day date, org varchar, team varchar, project varchar, seller varchar,
    note varchar, source varchar, entered_at timestamp not null, removed_at timestamp,
);

-- One row per day and pair of currencies: `rate` units of `quote` for one of `base`, as it was written.
create table fx_rate (
    day date not null, base varchar not null, quote varchar not null, rate varchar not null,
    source varchar not null, entered_at timestamp not null,
);

-- One row per line of an invoice, in pico-units. Without a model it is about all that the seller billed.
create table invoice (
    invoice_id integer not null, seller varchar not null, model varchar, first_day date not null,
    last_day date not null, currency varchar not null, pico decimal(38, 0) not null, number varchar,
    source varchar, entered_at timestamp not null, removed_at timestamp,
);
