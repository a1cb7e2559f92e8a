-- One row per seller and model with calls: how many, and the hour of the newest.
select seller, model, cast(sum(requests) as bigint) as requests, max(hour_at) as newest
from usage_hour
where seller is not null and model is not null
group by seller, model
order by requests desc, seller, model;
