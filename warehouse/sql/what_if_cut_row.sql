-- One row per call of the cells that an edge cuts.
(
    select u.*
    from
-- include: what_if_row
    u
    semi join (select * from what_if_cell where is_cut) cell
        on cell.hour_at = u.hour_at and cell.costing = u.costing::varchar
        and cell.seller is not distinct from u.seller and cell.model is not distinct from u.model
        and cell.rate_id is not distinct from u.rate_id and cell.currency is not distinct from u.currency
        and cell.context_bucket is not distinct from u.context_bucket and cell.team is not distinct from u.team
        and cell.tier is not distinct from u.tier and cell.region is not distinct from u.region
        and cell.org is not distinct from u.org and cell.unpriced_reason is not distinct from u.unpriced_reason
        and cell.cost_reported_currency is not distinct from u.cost_reported_currency
    where u.start_at >= (select min(hour_at) from what_if_cell where is_cut)
        and u.start_at < (select max(hour_at) + interval 1 hour from what_if_cell where is_cut)
)
