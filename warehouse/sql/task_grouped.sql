-- One row per task of task_evidence, with the group it is in: by model, by team, by kind, or all together.
grouped as (
    select
        *,
        case $by
            when 'model' then nullif(array_to_string(models, ' + '), '')
            when 'team' then team
            when 'kind' then kind
        end as name
    from task_evidence
)
