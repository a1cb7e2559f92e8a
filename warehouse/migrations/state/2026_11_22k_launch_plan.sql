-- Launch plans that people saved by name, and what each came to.

-- One row per launch plan. `document` is what it says and `figures` what it came to when it was saved, both as JSON.
-- `demo` marks made-up ones. What was removed keeps its number.
create table launch_plan (
    launch_plan_id integer not null, name varchar not null, owner varchar not null, document varchar not null,
    figures varchar not null, created_at timestamp not null, changed_at timestamp not null,
    changed_by varchar not null, demo boolean not null, removed_at timestamp,
);
