-- One row per task in scope: its steps, the kind it is tagged with, and what its calls hold.
with of_step as (
    select
        task, step, count(*) as calls, min(coalesce(tags['kind'], tags['task_kind'])) as first_kind,
        max(coalesce(tags['kind'], tags['task_kind'])) as last_kind, bool_or(video) as video, bool_or(image) as image,
        bool_or(json_schema) as json_schema, bool_or(tools) as tools
    from usage_row_priced
    where task in (select task from task_in_scope)
        and start_at >= (select min(first_at) from task_in_scope) and start_at <= (select max(last_at) from task_in_scope)
    group by task, step
)
select
    task, coalesce(sum(calls) filter (step is null), 0) + count(step) as steps,
    case when min(first_kind) = max(last_kind) then min(first_kind) when min(first_kind) is not null then 'several' end
        as tagged,
    case
        when bool_or(video) then 'calls with video'
        when bool_or(image) then 'calls with images'
        when bool_or(json_schema) then 'calls with a JSON schema'
        when bool_or(tools) then 'calls with tools'
        when coalesce(bool_or(video), bool_or(image), bool_or(json_schema), bool_or(tools)) is false then 'calls with text alone'
    end as held
from of_step
group by task;
