-- One row per task of the calls in scope: its first day, and its kind: as tagged, else what its calls hold.
task_kind as (
    select
        of_task, min(day) as day,
        case
            when list_contains($kinds, min(named)) and min(named) = max(named) then min(named)
            when bool_and(has_failed) then 'failure'
            when bool_or(video) then 'video'
            when bool_or(image) then 'image'
            when bool_or(json_schema) then 'json_schema'
            when bool_or(tools) then 'tool_call'
            when max(taken) > $long then 'long_context'
            else 'short_text'
        end as kind
    from call
    group by of_task
)
