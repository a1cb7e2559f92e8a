-- One row per id that could name tasks: how many calls have it, and how many values it has; tags by how many have them.
select 'task' as part, count(task), count(distinct task) from usage where counted and granularity in ('request', 'iteration')
union all
select 'trace', count(trace_id), count(distinct trace_id) from usage where counted and granularity in ('request', 'iteration')
union all
select 'session', count(session_id), count(distinct session_id)
from usage
where counted and granularity in ('request', 'iteration')
union all
(
    select concat('tag:', tag.key), count(*), count(distinct tag.value)
    from (
        select unnest(map_entries(tags)) as tag
        from usage
        where counted and granularity in ('request', 'iteration') and tags is not null
    )
    where tag.value <> ''
    group by tag.key
    order by count(*) desc, tag.key
    limit $tags
);
