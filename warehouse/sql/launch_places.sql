-- One row per day, seller, model, tier and effort: answered calls and their tokens.
with
-- include: launch_calls
one as (select 1)
select
    day, seller, model, tier_of(service_tier, batch) as tier, reasoning_effort, cast(count(*) as bigint) as calls,
    cast(coalesce(sum(taken), 0) as bigint) as taken, cast(coalesce(sum(output), 0) as bigint) as output
from call
where not has_failed
group by all
order by all;
