-- One row per seller and model in scope of calls that a rate prices or could price.
select seller, model, cast(sum(requests) as bigint) as requests
from usage_hour
where (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate') and seller is not null
    and model is not null and true
group by seller, model
order by requests desc, seller, model;
