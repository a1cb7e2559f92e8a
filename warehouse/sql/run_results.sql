-- One row per cell of a re-rate and rate found in it: its calls, and what they cost before and cost now.
create or replace temp table run_result as
with found as (
    select f.place, false as is_cut, f.new_rate_id, f.has_none, f.has_other_tiers, c.requests, c.cost,
        cast(
-- include: token_cost
as decimal(38, 0)) as new_cost, cast(null as varchar) as why
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
