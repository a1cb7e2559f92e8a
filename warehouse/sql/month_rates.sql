-- One row per rate that priced a call of some days: its digest, in order.
select distinct r.digest
from usage_day d
join rate r on r.rate_id = d.rate_id
where d.day >= $first and d.day <= $last
order by r.digest;
