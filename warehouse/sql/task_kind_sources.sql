-- One row per source of the kinds of tasks, of task_evidence: how many it names.
select kind_from, count(*) from task_evidence where kind_from is not null group by kind_from;
