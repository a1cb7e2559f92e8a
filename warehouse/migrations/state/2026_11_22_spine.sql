-- The first schema of the state database: what people enter, and who changed what.

-- One row per change.
create table audit (
    changed_at timestamp not null, who varchar not null, what varchar not null, before varchar, after varchar,
);
