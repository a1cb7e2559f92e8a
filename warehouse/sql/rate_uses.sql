-- One row per rate that priced something in scope, and team: calls, tokens, cost and the last day.
with used as (
    select
        rate_id, team, cast(sum(requests) as bigint) as requests,
        cast(sum(coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(output, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0)) as bigint) as tokens,
        cast(sum(cost) as decimal(38, 0)) as cost, max(day) as last_day
    from usage_day_priced
    where costing = 'rated' and true
    group by rate_id, team
)
select r.digest, u.team, u.requests, u.tokens, u.cost, u.last_day
from used u
join rate r on r.rate_id = u.rate_id
order by r.digest, u.requests desc, u.team;
