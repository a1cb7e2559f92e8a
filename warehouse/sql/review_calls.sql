-- One row per call under review, the widest apart first: its readings in pico-units, its usage as logged, its line.
select
    u.start_at, u.seller, coalesce(u.model_served, u.model_requested), u.review, u.check_gap, u.currency, u.cost,
    coalesce(u.cost_low, u.cost), coalesce(u.cost_high, u.cost), u.raw_usage, f.path, u.line
from usage_priced u
join ingest_file f on f.file_id = u.file_id
where u.counted and u.granularity in ('request', 'iteration') and u.review is not null
order by u.cost_high - u.cost_low desc nulls last, u.start_at, u.file_id, u.line
limit $top;
