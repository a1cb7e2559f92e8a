-- One row per closing of a month, reopened ones too, in the order in which they were closed.
select
    closing_id, month, closed_at, who, zone, data_through, rates, rates_digest, incomplete, previous, digest,
    reopened_at, reopened_by, reason
from month_close
order by closing_id;
