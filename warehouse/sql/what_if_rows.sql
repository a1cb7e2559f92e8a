-- One row per terms that calls share, read call by call: as what_if_whole, with lengths of answers up to and beyond $cap.
select
    seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason, failed,
    stretch, hours, size, used, single,
    cast(count(*) as bigint) as requests, cast(sum(cost) as decimal(38, 0)) as cost,
    cast(coalesce(sum(charged_output) filter (charged_output <= $cap), 0) as bigint) as below,
    cast(count(*) filter (charged_output > $cap) as bigint) as above,
    cast(coalesce(sum(columns('^charged_')), 0) as decimal(38, 0))
from (
    select
        c.seller, c.model, c.team, c.org, c.region, c.tier, c.context_bucket, c.kind, c.rate_id, c.currency,
        c.why as unpriced_reason, case when $by_failure then c.error_category is not null end as failed,
        coalesce(len(list_filter(e.times, lambda x: x <= c.start_at)), 0) as stretch,
        coalesce(list_transform(e.weeks, lambda w:
            len(list_filter(w.edges, lambda x: x <= minute_of_week(c.start_at, w.zone)))), []) as hours,
        case when c.charged then coalesce(len(list_filter(e.sizes, lambda x: x <= c.input_tokens)), 0) else 0 end as size,
        case when c.charged then coalesce(e.lacks & (
-- include: meters_used
        ), 0) else 0 end as used,
        case when c.charged and c.input < 0 then c.record_key end as single, c.cost,
-- include: charged
    from (
        select
            *, costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' as charged,
            case when costing = 'unknown' and unpriced_reason like 'no %rate' then 'no rate' else costing::varchar end
                as kind
        from (
            -- Calls that nobody prices and that say their tokens have a cost once they move: as those without a rate.
            select
                u.* exclude (unpriced_reason), u.unpriced_reason as why,
                case when u.costing = 'unknown' and coalesce(m.moves, false) and u.input >= 0 and u.output is not null
                    then 'no rate' else u.unpriced_reason end as unpriced_reason
            from what_if_row u
            left join (select seller as of_seller, model as of_model, moves from what_if_edge) m
                on m.of_seller is not distinct from u.seller and m.of_model is not distinct from u.model
            where true
        )
    ) c
    left join what_if_edge e on e.seller is not distinct from c.seller and e.model is not distinct from c.model
)
group by seller, model, team, org, region, tier, context_bucket, kind, rate_id, currency, unpriced_reason, failed, stretch,
    hours, size, used, single
order by all;
