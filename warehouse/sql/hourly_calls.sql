-- One row per hour from $first on with calls: how many.
select hour_at, cast(sum(requests) as bigint)
from usage_hour
where hour_at >= $first
group by hour_at
order by hour_at;
