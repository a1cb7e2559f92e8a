-- One row: how many of the batch's rows are unpriced, need review, are partial.
select
    count(*) filter (costing = 'unknown'), count(*) filter (review is not null),
    count(*) filter (usage_status = 'partial')
from usage
where file_id = $file_id and start_at between $since and $until and record_key in (select record_key from batch);
