-- One row per run of `new_run`: it takes the place of what was entered of the same run before.
delete from eval_run e
using new_run n
where e.run_set = n.run_set and e.task = n.task and e.pass = n.pass and e.model is not distinct from n.model
    and e.seller is not distinct from n.seller and e.effort is not distinct from n.effort
    and e.variant is not distinct from n.variant;
insert into eval_run by name select * replace (cast(pico as decimal(38, 0)) as pico) from new_run;
