-- What was deleted on purpose: no load brings it back unseen.

-- One row per deletion: calls of these users (NULL: of everybody) that began before `until`. Until it is lifted, loads
-- leave such calls out. The totals are JSON, by currency, in pico-units.
create table deletion (
    deletion_id integer not null, deleted_at timestamp not null, who varchar not null,
    user_hashes varchar[], until timestamp not null,
    calls bigint not null, records bigint not null, total_before varchar not null, total_after varchar not null,
    lifted_at timestamp, lifted_by varchar,
);

-- One row per record or verdict that went with a deletion though its rule does not name it: by its key.
create table deleted_key (deletion_id integer not null, deleted_key varchar not null);

-- One row per deletion and line of a closed month: what the calls that went had come to, so that its books stay.
create table deleted_line (
    deletion_id integer not null, month date not null, seller varchar, model varchar, team varchar, project varchar,
    currency varchar, counts map(varchar, decimal(38, 0)) not null,
);
