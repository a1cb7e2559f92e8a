-- One row per costing, rate, currencies (and what else is asked for) of counted calls: their token sums, priced once.
select
    c.*,
    cast(case c.costing
        when 'rated' then amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read)
            + amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m)
            + amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h)
            + amount(cast(c.cache_write as hugeint), r.cache_write) + amount(cast(c.output as hugeint), r.output)
            + amount(cast(c.input_image as hugeint), r.input_image)
            + amount(cast(c.input_audio as hugeint), r.input_audio)
            + amount(cast(c.input_video as hugeint), r.input_video)
            + amount(cast(c.output_audio as hugeint), r.output_audio)
            + amount(cast(c.output_image as hugeint), r.output_image)
            + amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
        when 'free' then 0
    end as decimal(38, 0)) as cost
from (
    select
        costing, rate_id, currency, cost_reported_currency, sum(columns('^(requests|errors|review|partial|input.*|cache_read|cache_write.*|output.*|web_search|request|reasoning|band_.*|cost_reported|reported)$'))
    from usage_row
    group by all
) c
left join rate r on r.rate_id = c.rate_id
