-- One row per cell of usage_hour in scope, with the stretch, hours and size it is in; one that an edge cuts is read call by call.
create or replace temp table what_if_cell as
with
-- include: what_if_bucket
scoped as (
    select * from usage_hour where true
)
select
    c.*,
    case when costing = 'unknown' and unpriced_reason like 'no %rate' then 'no rate' else costing end as kind,
    coalesce(len(list_filter(e.times, lambda x: x <= c.hour_at)), 0) as stretch,
    coalesce(list_transform(e.weeks, lambda w:
        len(list_filter(w.edges, lambda x: x <= minute_of_week(c.hour_at, w.zone)))), []) as hours,
    coalesce(len(list_filter(e.sizes, lambda x: x <= b.least)), 0) as size,
    -- Of calls that have no tokens to price, no rate matters.
    (costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate')
    and coalesce(
        negative > 0
        or len(list_filter(e.times, lambda x: x > c.hour_at and x < c.hour_at + interval 1 hour)) > 0
        or len(list_filter(e.sizes, lambda x: x > b.least and x < b.until)) > 0
        or len(list_filter(e.weeks, lambda w:
            minute_of_week(c.hour_at + interval 59 minutes, w.zone) <> minute_of_week(c.hour_at, w.zone) + 59
            or len(list_filter(w.edges, lambda x: x > minute_of_week(c.hour_at, w.zone)
                and x <= minute_of_week(c.hour_at, w.zone) + 59)) > 0)) > 0
        or (e.lacks & (
-- include: meters_used
        )) > 0, false)
    -- Some of them say their tokens, and move to where those have a price.
    or coalesce(costing = 'unknown' and unpriced_reason not like 'no %rate'
        and unpriced_reason <> 'usage missing' and e.moves, false) as is_cut
from scoped c
left join what_if_edge e on e.seller is not distinct from c.seller and e.model is not distinct from c.model
left join bucket b on b.context_bucket = c.context_bucket;
