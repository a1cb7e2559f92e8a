-- Budgets as people entered them.

-- One row per version of a budget: `form` is what it says, as JSON, and `what` happened to it: added,
-- changed, ended or removed. The newest version counts.
create table budget (
    budget_id integer not null, version integer not null, name varchar not null, form varchar not null,
    what varchar not null, who varchar not null, changed_at timestamp not null,
);
