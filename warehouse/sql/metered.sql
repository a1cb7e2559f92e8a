-- One row per group, rate, costing, currency and meter of counted calls: the quantity, summed, and what one of it costs.
with cell as (
    select
        costing, rate_id, currency,
        sum(columns('^(input.*|cache_read|cache_write.*|output|output_audio|output_image|web_search|request)$'))
    from usage_day
    where true
    group by all
),
quantity as (
    unpivot cell
    on columns('^(input.*|cache_read|cache_write.*|output|output_audio|output_image|web_search|request)$')
    into name meter value quantity
),
price as (
    unpivot (
        select
            rate_id, input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image, input_audio,
            input_video, output_audio, output_image, web_search, request
        from rate
    )
    on columns(* exclude rate_id) into name meter value pico
)
select q.rate_id, q.currency, q.costing, q.meter, q.quantity,
    case when q.costing = 'rated' then p.pico end as pico
from quantity q
left join price p on p.rate_id = q.rate_id and p.meter = q.meter
where q.quantity <> 0
order by all;
