-- One row per rate that this warehouse ever knew, by model: its figures, its evidence, and what it priced in scope.
with priced as (
    select
        rate_id, sum(requests) as requests,
        cast(sum(coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(output, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0)) as bigint) as tokens,
        cast(sum(cost) as decimal(38, 0)) as cost
    from usage_day_priced
    where costing = 'rated' and true
    group by rate_id
)
select
    r.rate_id, r.seller, r.model, r.region, r.currency, r.valid_from, r.valid_until,
    [r.input, r.cache_read, r.cache_write_5m, r.cache_write_1h, r.cache_write, r.output, r.input_image, r.input_audio,
        r.input_video, r.output_audio, r.output_image, r.web_search, r.request] as pico,
    r.source, r.checked, r.confidence, r.note, r.card, r.precedence, r.active,
    coalesce(p.requests, 0), coalesce(p.tokens, 0), p.cost
from rate r
left join priced p on p.rate_id = r.rate_id
order by r.model, r.seller, r.valid_from, r.precedence desc;
