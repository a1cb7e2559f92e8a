-- One row per rate of an own card that has priced something, with its calls and the last day of them.
select r.digest, r.card, r.seller, r.model, r.region, r.valid_from, sum(d.requests) as calls, max(d.day) as last_day
from usage_day d
join rate r on r.rate_id = d.rate_id
where r.precedence >= $own
group by all;
