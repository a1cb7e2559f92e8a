-- Records a re-rate: the run, its cells, and the calls of those that a rate cuts.
insert into rerate_run by name
select
    cast($run_id as integer) as run_id, $name as name, $kind as kind, $basis as basis, $basis_digest as basis_digest,
    $scope as scope, $traffic_digest as traffic_digest, $who as who, cast($now as timestamp) as run_at,
    (select max(start_at) from usage where granularity <> 'bucket') as data_through, $requests as requests, $changed as changed,
    $row_by_row as row_by_row, $total_before as total_before, $total_after as total_after;
insert into rerate_cell by name
select
    cast($run_id as integer) as run_id, hour_at, day, seller, model, team, rate_id, costing, currency, context_bucket, tier,
    region, org, unpriced_reason, is_cut, new_rate_id, new_currency, new_unpriced_reason, requests, cost, new_cost
from run_result;
insert into rerate_row by name
select
    cast($run_id as integer) as run_id, r.record_key,
    case when $keeps and r.has_none then c.rate_id else r.new_rate_id end as new_rate_id
from run_row r
join run_cell c on c.place = r.place;
