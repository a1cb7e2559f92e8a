-- One row per team, kind and list of models that tasks of known cost have, numbered from 0.
create or replace temp table task_sort as
select row_number() over (order by team, kind, models) - 1 as number, team, kind, models
from task_evidence
where cost > 0
group by team, kind, models;
select team, kind, models from task_sort order by number;
