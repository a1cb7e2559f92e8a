-- One row per task in scope: its cost and size, and the models that answered in it.
select
    t.task, t.currency, case when t.is_known then t.cost end, t.requests, t.unpriced, t.errors, coalesce(t.input, 0),
    coalesce(t.cache_read, 0), t.cache_written, coalesce(t.output, 0), coalesce(m.models, [t.model]), t.team
from task_in_scope t
left join (
    select task, list_sort(list(distinct model)) as models
    from task_rate
    -- The name that a failed call asked for is no second model.
    where model is not null and greatest(coalesce(input, 0), coalesce(cache_read, 0), coalesce(output, 0)) > 0
        and task in (select task from task_in_scope)
    group by task
) m using (task)
order by t.task;
