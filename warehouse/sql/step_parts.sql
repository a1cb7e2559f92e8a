-- One row per row of step_in_scope, with the step, band of steps or upstream provider that it belongs to.
parts as (
    select
        *,
        case
            when $upstream then upstream_provider
            when $edges is null then cast(place as varchar)
            else cast(list_max(list_filter($edges, lambda edge: edge <= place)) as varchar)
        end as part
    from step_in_scope
)
