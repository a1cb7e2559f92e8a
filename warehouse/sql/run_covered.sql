-- One row per seller and model of which a run holds every call that has a rate, or has none for want of one.
with in_run as (
    select seller, model, sum(requests) as requests
    from rerate_cell
    where run_id = $run_id and true
    group by seller, model
),
here as (
    select seller, model, sum(requests) as requests
    from usage_day_detail
    where (costing = 'rated' or (costing = 'unknown' and unpriced_reason like 'no %rate')) and true
    group by seller, model
)
select h.seller, h.model
from here h
join in_run r on r.seller is not distinct from h.seller and r.model is not distinct from h.model
where r.requests = h.requests;
