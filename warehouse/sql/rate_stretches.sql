-- One row per stretch of time in which a rate prices an exact model string.
select rate_id, model, valid_from, valid_until
from rate_span
order by rate_id, model, valid_from;
