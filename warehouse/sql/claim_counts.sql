-- One row: tasks of a model, and those whose log declares an advisor.
select count(*), count(*) filter (is_advised) from claim_task where model = $model;
