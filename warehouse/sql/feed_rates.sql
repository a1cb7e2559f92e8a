-- One row per rate that priced calls of the scope, and meter: what one costs, how many were used, what they cost, and
-- on whose word.
with cell as (
    select
        rate_id,
        sum(columns('^(input|cache_read|cache_write.*|input_.*|output|output_audio|output_image|web_search|request)$'))
    from usage_day_detail
    where costing = 'rated' and true
    group by rate_id
),
quantity as (
    unpivot cell on columns(* exclude rate_id) into name meter value quantity
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
select
    r.rate_id, r.digest as rate_digest, r.seller, r.model, r.currency, q.meter,
    case when q.meter in ('web_search', 'request') then 'unit' else 'token' end as per,
    cast(p.pico as decimal(38, 0)) as price_pico, cast(q.quantity as bigint) as quantity,
    cast(cast(q.quantity as hugeint) * coalesce(p.pico, 0) as decimal(38, 0)) as cost_pico,
    r.region, r.valid_from, case when r.valid_until < timestamp '9999-12-31' then r.valid_until end as valid_until,
    r.tier, r.context_from, case when r.context_until < 9223372036854775807 then r.context_until end as context_until,
    r.window_name as hours, r.zone as hours_zone, nullif(r.org, '') as contract_org, nullif(r.team, '') as contract_team,
    r.source as evidence, r.checked, r.confidence, r.card, r.note
from quantity q
join rate r on r.rate_id = q.rate_id
left join price p on p.rate_id = q.rate_id and p.meter = q.meter
where q.quantity <> 0
order by r.seller, r.model, r.valid_from, r.rate_id, q.meter;
