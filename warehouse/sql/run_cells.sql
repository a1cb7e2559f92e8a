-- One row per cell of usage_hour that a re-rate is about: priced, or unpriced for want of a rate.
create or replace temp table run_cell as
select row_number() over () as place, *
from usage_hour_priced
where (costing = 'rated' and not $unpriced or costing = 'unknown' and unpriced_reason like 'no %rate') and true;
