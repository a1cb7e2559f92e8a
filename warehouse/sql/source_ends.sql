-- One row per source with calls in some days: the last day of any call of it.
select source, max(day)
from usage_day_detail
group by source
having count(*) filter (day >= $first and day <= $last) > 0
order by source;
