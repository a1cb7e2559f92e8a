-- What-if scenarios that people saved by name, and what each came to.

-- One row per scenario. `document` is what it says and `billed` and `cost` are what it came to, per currency in
-- pico-units, all as JSON; the digests tell whether the rates or the calls have changed since. `demo` marks made-up ones.
-- What was removed keeps its number.
create table scenario (
    scenario_id integer not null, name varchar not null, owner varchar not null, document varchar not null,
    billed varchar not null, cost varchar not null, rates_digest varchar not null, data_digest varchar not null,
    data_through timestamp, created_at timestamp not null, changed_at timestamp not null, changed_by varchar not null,
    demo boolean not null, removed_at timestamp,
);
