-- One row per models, team, kind and currency of tasks of task_evidence, and per what is known of their cost and end: sums.
create or replace temp table task_sum as
select
    nullif(array_to_string(models, ' + '), '') as model, team, kind, currency, cost is not null as is_known, may_repeat,
    resolved, count(*) as tasks, count(*) filter (unpriced > 0) as unknown, sum(requests) as requests,
    sum(unpriced) as unpriced, count(steps) as counted, sum(steps) as steps, sum(cost) as total, max(cost) as dearest
from task_evidence
group by all;
-- One row per task of known cost that may not be a piece of work of its own: as a rule there is none.
create or replace temp table task_repeated as
select task, models, team, kind, currency, cost, resolved, work
from task_evidence
where may_repeat and cost is not null and (select bool_or(may_repeat) from task_sum);
