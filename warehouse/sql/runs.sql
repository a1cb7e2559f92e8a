-- One row per recorded re-rate, newest first.
select
    run_id, name, kind, basis, basis_digest, scope, traffic_digest, who, run_at, data_through, requests, changed,
    row_by_row, total_before, total_after
from rerate_run
order by run_id desc;
