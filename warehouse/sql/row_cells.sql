-- One row per costing, rate, currencies (and what else is asked for) of counted calls: their token sums, priced once.
select
    c.*,
    cast(case c.costing
        when 'rated' then
-- include: token_cost
        when 'free' then 0
    end as decimal(38, 0)) as cost
from (
    select
        costing, rate_id, currency, cost_reported_currency, sum(columns('^(requests|errors|review|partial|input.*|cache_read|cache_write.*|output.*|web_search|request|reasoning|band_.*|cost_reported|reported)$'))
    from usage_row
    where true
    group by all
) c
left join rate r on r.rate_id = c.rate_id
