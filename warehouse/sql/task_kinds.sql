-- One row per task that has calls while those in scope ran: its steps, the kind it is tagged with, and what its calls hold.
create or replace temp table task_kind as
with call as (
    select task, step, coalesce(tags['kind'], tags['task_kind']) as kind, video, image, json_schema, tools
    from usage_row
    -- Whether a task is in scope is looked up once for the task, not for each of its calls.
    where task is not null
        and start_at >= (select min(first_at) from task_in_scope) and start_at <= (select max(last_at) from task_in_scope)
),
-- A bit for each of the first steps: to count the steps of a task by it takes a tenth of what a row for each would take.
of_task as (
    select
        task, count(*) filter (step is null) as unnumbered,
        bit_or(case when step < 120 then cast(1 as hugeint) << step end) as first_steps,
        min(kind) as first_kind, max(kind) as last_kind, bool_or(video) as video, bool_or(image) as image,
        bool_or(json_schema) as json_schema, bool_or(tools) as tools
    from call
    group by task
),
later as (
    select task, count(distinct step) as steps from call where step >= 120 group by task
)
select
    task, cast(unnumbered + coalesce(bit_count(first_steps), 0) + coalesce(later.steps, 0) as bigint) as steps,
    case when first_kind = last_kind then first_kind when first_kind is not null then 'several' end as tagged,
    case
        when video then 'calls with video'
        when image then 'calls with images'
        when json_schema then 'calls with a JSON schema'
        when tools then 'calls with tools'
        when coalesce(video, image, json_schema, tools) is false then 'calls with text alone'
    end as held
from of_task
left join later using (task);
