-- One row per confidence of the rates that priced calls: those calls, and the oldest day one of the rates was checked.
select r.confidence, cast(sum(c.requests) as bigint) as requests, min(r.checked) as checked
from (
    select rate_id, requests
    from usage_day_priced
    where costing = 'rated' and true
) c
join rate r on r.rate_id = c.rate_id
group by r.confidence
order by requests desc, r.confidence;
