-- One row per non-blank line of a Claude Code session: what one line says of a call; `plain` is NULL where it is none.
select
    * exclude (valid, is_object, has_usage, carried, folder, git_branch, version, sidechain, speed, place, iterations)
    replace (
        case when speed = 'fast' then 'fast' else service_tier end as service_tier,
        case when cache_write_5m is null and cache_write_1h is null then cache_write
            else nullif(cache_write - (coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)), 0) end as cache_write
    ),
    case when place not in ('global', 'not_available') then place || '-only' end as region,
    case
        when response_id like 'msg\_bdrk\_%' escape '\' then 'bedrock'
        when response_id like 'msg\_vrtx\_%' escape '\' then 'google-vertex'
        when response_id like 'msg\_01%' escape '\' and request_id like 'req\_%' escape '\' then 'anthropic'
    end as seller,
    -- A folder of a person's own names the person, not a project.
    case when not regexp_full_match(folder, '(/home/[^/]+|/Users/[^/]+|/root|[A-Za-z]:\\Users\\[^\\]+)?[/\\]?')
        then nullif(regexp_extract(folder, '([^/\\]*)[/\\]?$', 1), '') end as project,
    case when coalesce(git_branch, version, nullif(sidechain, 'false')) is not null
        then map_from_entries(list_filter([
            struct_pack(k := 'git_branch', v := git_branch), struct_pack(k := 'version', v := version),
            struct_pack(k := 'sidechain', v := nullif(sidechain, 'false'))], lambda e: e.v is not null))
        end as tags,
    cast(null as varchar) as base_url, cast(null as varchar) as "user",
    sidechain = 'true' as replay,
    case when finish_reason is null then 'partial' else 'reported' end as usage_status,
    case
        when is_object and not has_usage and carried is null then null
        else coalesce(
            valid and start_at is not null and carried is null and not coalesce(iterations, false)
            and response_id like 'msg\_%' escape '\' and length(response_id) >= 20
            and model_served <> '<synthetic>' and prompt is not null and completion is not null
            and sidechain in ('true', 'false') and coalesce(reasoning <= completion, true)
            and coalesce(cache_write >= coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0),
                cache_write_5m is null and cache_write_1h is null), false)
    end as plain
from timed
