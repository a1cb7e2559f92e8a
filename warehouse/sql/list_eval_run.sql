-- One row per run of an evaluation, in the order of evaluation, arm, task and pass.
select
    run_set, task, pass, model, seller, effort, variant, kind, cases, solved, score, input, cache_read, output, reasoning,
    calls, latency_ms, cast(pico as varchar) as pico, currency, ran_at, source, entered_at, demo
from eval_run
order by run_set, model nulls first, seller nulls first, effort nulls first, variant nulls first, task, pass;
