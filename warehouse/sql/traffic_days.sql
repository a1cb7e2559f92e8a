-- One row per billing day, seller, model and team: calls, and what they are charged for.
select
    day, seller, model, team, cast(sum(requests) as bigint) as requests,
    cast(coalesce(sum(columns('^charged_')), 0) as bigint)
from (
    select
        day, seller, model, team, requests,
-- include: charged
    from usage_hour
    where true
)
group by day, seller, model, team
order by day, seller, model, team;
