-- One row per seller and model of calls in scope, with the first and last billing day.
select seller, model, min(day) as first_day, max(day) as last_day
from usage_hour
where true
group by seller, model
order by all;
