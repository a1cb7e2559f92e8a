-- One row per span of days, seller, model, team: calls, tokens by class, and cost by class in pico-units of $currency.
with part as (
    select
        c.day >= cast($since as date) as is_now, c.seller, c.model, c.team, c.requests,
        coalesce(c.input, 0) + coalesce(c.input_image, 0) + coalesce(c.input_audio, 0) + coalesce(c.input_video, 0)
            as fresh,
        coalesce(c.cache_read, 0) as cached,
        coalesce(c.cache_write_5m, 0) + coalesce(c.cache_write_1h, 0) + coalesce(c.cache_write, 0) as written,
        coalesce(c.output, 0) + coalesce(c.output_audio, 0) + coalesce(c.output_image, 0) as answered,
        amount(cast(c.cache_read as hugeint), r.cache_read) as cached_cost,
        amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m)
            + amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h)
            + amount(cast(c.cache_write as hugeint), r.cache_write) as written_cost,
        amount(cast(c.output as hugeint), r.output) + amount(cast(c.output_audio as hugeint), r.output_audio)
            + amount(cast(c.output_image as hugeint), r.output_image) as answered_cost,
        amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request)
            as unit_cost,
        cast(c.cost as hugeint) as cost,
    from (
        select *
        from usage_day_priced
        where true
    ) c
    left join rate r on r.rate_id = c.rate_id
    where c.costing = 'rated' and c.currency = $currency
        and c.day between cast($before as date) and cast($until as date)
)
select
    is_now, seller, model, team, cast(sum(requests) as bigint) as requests, cast(sum(fresh) as decimal(38, 0)),
    cast(sum(cached) as decimal(38, 0)), cast(sum(written) as decimal(38, 0)), cast(sum(answered) as decimal(38, 0)),
    cast(sum(cost - cached_cost - written_cost - answered_cost - unit_cost) as decimal(38, 0)) as fresh_cost,
    cast(sum(cached_cost) as decimal(38, 0)), cast(sum(written_cost) as decimal(38, 0)),
    cast(sum(answered_cost) as decimal(38, 0)), cast(sum(unit_cost) as decimal(38, 0))
from part
group by is_now, seller, model, team
order by all;
