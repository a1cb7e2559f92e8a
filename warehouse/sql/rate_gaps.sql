-- One row per seller, model and reason of calls in scope that no rate prices: their days, and what rates there are.
with gap as (
    select
        seller, model, unpriced_reason as reason, sum(requests) as requests, min(day) as first_day, max(day) as last_day,
        cast(sum(coalesce(input, 0) + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(output, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) + coalesce(output_audio, 0) + coalesce(output_image, 0)) as bigint) as tokens
    from usage_day_detail
    where costing = 'unknown' and true
    group by all
),
known as (
    select
        p.seller, p.model, min(p.valid_from) as known_from, max(p.valid_until) as known_until,
        arg_max(r.note, p.valid_until) as note
    from rate_span p
    join rate r on r.rate_id = p.rate_id
    group by all
)
select
    g.seller, coalesce(s.name, g.seller), g.model, g.reason, coalesce(g.reason = s.unpriced_reason, false),
    g.requests, g.tokens, g.first_day, g.last_day, k.known_from, k.known_until, k.note
from gap g
left join seller s on s.seller = g.seller
left join known k on k.seller = g.seller and k.model = g.model
where g.reason = s.unpriced_reason or g.reason = 'no rate' or g.reason like 'no % rate'
order by g.requests desc, g.seller, g.model;
