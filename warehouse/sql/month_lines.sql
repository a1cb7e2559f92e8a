-- One row per month, seller, model, team, project and currency of some days: what was used, priced after it is summed.
select
    month, 'calls' as kind, seller, model, team, project, cast(null as varchar) as charge, currency,
    cast(coalesce(sum(cost), 0) as decimal(38, 0)) as cost,
    cast(coalesce(sum(cost + coalesce(band_low, 0)), 0) as decimal(38, 0)) as cost_low,
    cast(coalesce(sum(cost + coalesce(band_high, 0)), 0) as decimal(38, 0)) as cost_high,
    sum(requests) as requests,
    coalesce(sum(requests) filter (costing = 'unknown'), 0) as unpriced,
    sum(review) as review,
    coalesce(sum(input), 0), coalesce(sum(cache_read), 0), coalesce(sum(cache_write_5m), 0),
    coalesce(sum(cache_write_1h), 0), coalesce(sum(cache_write), 0), coalesce(sum(output), 0),
    coalesce(sum(input_image), 0), coalesce(sum(input_audio), 0), coalesce(sum(input_video), 0),
    coalesce(sum(output_audio), 0), coalesce(sum(output_image), 0), coalesce(sum(web_search), 0),
    coalesce(sum(request), 0)
from (
    select
        c.*,
        cast(case c.costing
            when 'rated' then
-- include: token_cost
            when 'free' then 0
        end as decimal(38, 0)) as cost
    from (
        select
            cast(date_trunc('month', day) as date) as month, seller, model, team, project, costing, rate_id, currency,
            sum(columns('^(requests|review|input.*|cache_read|cache_write.*|output.*|web_search|request|band_.*)$'))
        from usage_day_detail
        group by all
    ) c
    left join rate r on r.rate_id = c.rate_id
)
group by all
order by all;
