-- One row: whether any of the calls in question has a time that was given by hand, which fits every other time.
select count(*) > 0
from usage
where time_quality = 'given' and response_id in (select response_id from call_id);
