-- How pieces of work ended, as files say it.

-- One row per task: whether it was resolved, its score, its kind, and the piece of work that it is a run of. What no
-- file said is NULL.
create table outcome (
    task varchar not null, resolved boolean, score double, kind varchar, work varchar, judged_at timestamp,
    source varchar not null, entered_at timestamp not null, demo boolean not null,
);
