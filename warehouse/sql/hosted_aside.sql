-- One row per reason for which calls in scope are left out of what sellers and servers are compared by.
select
    case
        when costing = 'free' then 'not billed'
        when seller is null then 'seller unknown'
        else coalesce(unpriced_reason, 'no price')
    end as reason,
    cast(sum(requests) as bigint) as requests
from usage_hour
where not ((costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and seller is not null) and true
group by reason
order by requests desc, reason;
