-- One row per rate that has priced something, with its calls.
select r.digest, r.card, r.seller, r.model, r.region, r.valid_from, sum(d.requests) as calls
from usage_day d
join rate r on r.rate_id = d.rate_id
group by all;
