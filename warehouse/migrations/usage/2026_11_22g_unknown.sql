-- Usage fields that nobody reads.

-- One row per record and usage field that Tollbook does not know: what stood there (text; NULL: no plain word), in no figure.
create table unknown_usage (
    file_id integer not null, line bigint not null, record_key varchar not null, source varchar not null,
    seller varchar, model varchar, start_at timestamp not null, field varchar not null, value varchar,
);
