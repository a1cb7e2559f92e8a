-- One row per upstream provider: the tasks in scope that have a call there.
select upstream_provider, count(distinct task) from step_task group by upstream_provider;
