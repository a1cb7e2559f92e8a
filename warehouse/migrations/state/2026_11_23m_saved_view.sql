-- Views of Explore that people saved by name.

-- One row per view. `document` is what it shows, as JSON: measure, dimensions, step, period and filters. What was removed
-- keeps its number.
create table saved_view (
    saved_view_id integer not null, name varchar not null, owner varchar not null, document varchar not null,
    created_at timestamp not null, changed_at timestamp not null, changed_by varchar not null, removed_at timestamp,
);
