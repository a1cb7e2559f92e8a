-- One row per cell of a re-rate and rate found in it: its calls, and what they cost before and cost now.
create or replace temp table run_result as
with found as (
    select f.place, false as is_cut, f.new_rate_id, f.has_none, f.has_other_tiers, c.requests, c.cost,
        cast(amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read)
            + amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m)
            + amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h)
            + amount(cast(c.cache_write as hugeint), r.cache_write) + amount(cast(c.output as hugeint), r.output)
            + amount(cast(c.input_image as hugeint), r.input_image)
            + amount(cast(c.input_audio as hugeint), r.input_audio)
            + amount(cast(c.input_video as hugeint), r.input_video)
            + amount(cast(c.output_audio as hugeint), r.output_audio)
            + amount(cast(c.output_image as hugeint), r.output_image)
            + amount(cast(c.web_search as hugeint), r.web_search) + amount(cast(c.request as hugeint), r.request) as decimal(38, 0)) as new_cost, cast(null as varchar) as why
    from run_found f
    join run_cell c on c.place = f.place
    left join run_rate r on r.rate_id = f.new_rate_id
    where not f.is_cut
    union all by name
    select place, true as is_cut, new_rate_id, has_none, has_other_tiers, count(*) as requests,
        cast(sum(cost) as decimal(38, 0)) as cost, cast(sum(new_cost) as decimal(38, 0)) as new_cost, why
    from run_row
    group by place, new_rate_id, has_none, has_other_tiers, why
)
select
    c.hour_at, c.day, c.seller, c.model, c.team, c.rate_id, c.costing, c.currency, c.context_bucket, c.tier, c.region,
    c.org, c.unpriced_reason, f.is_cut, f.requests, f.cost,
    -- A card of one's own is about what it prices; all else stays as it was.
    case when $keeps and f.has_none then c.rate_id else f.new_rate_id end as new_rate_id,
    case when $keeps and f.has_none then c.currency else r.currency end as new_currency,
    case when $keeps and f.has_none then f.cost when f.new_rate_id is not null then f.new_cost end as new_cost,
    case when $keeps and f.has_none then c.unpriced_reason when f.new_rate_id is not null then null
        when f.why is not null then f.why when f.has_other_tiers then concat('no ', c.tier, ' rate') else 'no rate' end
        as new_unpriced_reason
from found f
join run_cell c on c.place = f.place
left join run_rate r on r.rate_id = f.new_rate_id;
