-- One row per applied migration.
create table if not exists migration (name varchar not null, applied_at timestamp not null);
