-- One row per time that calls without a rate were given one, and currency, newest first.
select filled_at, who, scope, currency, sum(requests) as requests, sum(cost) as cost, min(first_at), max(last_at)
from rerate_fill
group by filled_at, who, scope, currency
order by filled_at desc, currency;
