-- One row per span of days: counted calls with a price in $currency that were a second or later attempt.
select day >= cast($since as date) as is_now, count(*) as calls
from usage_row_priced
where attempt > 1 and currency = $currency
    and start_at >= cast($before as timestamp) - interval 2 day and start_at < cast($until as timestamp) + interval 2 day
    and day between cast($before as date) and cast($until as date) and true
group by is_now
order by is_now;
