-- One row per day, seller, model, rate, costing, context bucket and team, for the touched days.
insert into usage_day by name
select
    day, seller, model, rate_id, costing, currency, context_bucket, team, cost_reported_currency,
    sum(columns('^(requests|errors|review|partial|input.*|cache_.*|output.*|web_search|request|reasoning|band_.*|cost_reported|reported)$'))
from usage_hour
where day in (select day from touched_day) and true
group by all;
