-- What evaluations came to, as files say it.

-- One row per run: a piece of work done once by a model at a tier of effort, or a summary of `cases` pieces of work.
-- `pass` counts the runs of one piece of work; `solved` is the share of cases; `pico` is in pico-units of `currency`,
-- `latency_ms` of one case. What the file did not say is NULL.
create table eval_run (
    run_set varchar not null, task varchar not null, pass integer not null, model varchar, seller varchar, effort varchar,
    variant varchar, kind varchar, cases integer not null, solved double, score double, input bigint, cache_read bigint,
    output bigint, reasoning bigint, calls integer, latency_ms bigint, pico decimal(38, 0), currency varchar,
    ran_at timestamp, source varchar not null, entered_at timestamp not null, demo boolean not null,
);
