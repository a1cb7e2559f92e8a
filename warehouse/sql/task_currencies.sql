-- One row per currency in which tasks in scope cost something.
select distinct unnest(map_keys(costs)) as currency from task_in_scope order by currency;
