-- One row per value of a dimension that filters offer, with its requests.
delete from dimension_value;
insert into dimension_value
select dimension, value, sum(requests)
from (
    unpivot (
        select seller, model, team, project, environment, application, source, reasoning_effort, requests
        from usage_day_detail
    )
    on seller, model, team, project, environment, application, source, reasoning_effort
    into name dimension value value
)
group by all
union all
select 'tag:' || entry.key, entry.value, sum(requests)
from (select unnest(map_entries(tags)) as entry, requests from usage_day_detail where tags is not null)
group by all;
