-- One row: whether a response id of the load stands beside a time given by hand, which fits every other time.
select count(*) > 0
from usage
where time_quality = 'given' and response_id in (
    select response_id from usage where file_id in (select file_id from part) and start_at between $first and $last);
