-- Takes out the runs of these evaluations, or the demo's, one row each.
delete from eval_run where list_contains($sets, run_set) and (demo or not $demo_alone);
