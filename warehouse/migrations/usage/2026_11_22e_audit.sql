-- Who changed what is known of prices.

-- One row per change: cards that a load found changed, a recorded re-rate, calls that were given a rate.
create table audit (
    changed_at timestamp not null, who varchar not null, what varchar not null, before varchar, after varchar,
);
