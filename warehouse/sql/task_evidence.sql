-- One row per task in scope: its cost where it is one known amount, its size, who answered, its kind, and how it ended.
-- A table, so that its size is known before the calls are looked through: as a rule it is next to nothing.
create or replace temp table task_several as select task from task_in_scope where models > 1;
create or replace temp table task_answered as
select task, list_sort(list(distinct model)) as models
from task_rate
-- The name that a failed call asked for is no second model. Where there is but one name, nothing is looked up.
where model is not null and greatest(coalesce(input, 0), coalesce(cache_read, 0), coalesce(output, 0)) > 0
    and task in (select task from task_several)
group by task;
create or replace temp view task_known as
select
    t.task, t.currency, case when t.is_known then t.cost end as cost, t.requests, t.unpriced, t.errors, k.steps,
    coalesce(t.input, 0) + coalesce(t.cache_read, 0) + t.cache_written as prompt, coalesce(t.cache_read, 0) as cache_read,
    coalesce(t.output, 0) as output, coalesce(a.models, list_filter([t.model], lambda model: model is not null)) as models,
    t.team, coalesce(nullif(o.kind, ''), nullif(k.tagged, ''), k.held) as kind,
    case
        when nullif(o.kind, '') is not null then 'entered'
        when nullif(k.tagged, '') is not null then 'tagged'
        when k.held is not null then 'held'
    end as kind_from,
    o.resolved, coalesce(nullif(o.work, ''), t.task) as work,
    -- Of no other task is it looked up which ones are the same piece of work.
    nullif(o.work, '') is not null or t.task in (select work from said_outcome where work <> '') as may_repeat
from task_in_scope t
left join task_answered a using (task)
left join task_kind k using (task)
left join said_outcome o using (task);
