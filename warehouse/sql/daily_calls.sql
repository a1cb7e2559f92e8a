-- One row per billing day from $first on, source, seller and team: calls.
select day, source, seller, team, cast(sum(requests) as bigint)
from usage_day_detail
where day >= $first
group by day, source, seller, team
order by day, source, seller nulls last, team nulls last;
