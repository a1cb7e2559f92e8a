-- One row per reasoning effort of charged calls in scope: how many, and their output tokens.
select coalesce(reasoning_effort, '') as effort, cast(sum(requests) as bigint) as requests,
    cast(coalesce(sum(charged_output), 0) as bigint) as output
from (
    select reasoning_effort, requests,
-- include: charged
    from usage_day_detail
    where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and true
)
group by effort
order by effort;
