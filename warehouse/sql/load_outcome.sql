-- One row: how many of the calls that the load stored are unpriced, need review, are partial.
select
    count(*) filter (costing = 'unknown'), count(*) filter (review is not null),
    count(*) filter (usage_status = 'partial')
from usage
where file_id = $file_id and line >= getvariable('load_first_line') and start_at between $since and $until
    and granularity in ('request', 'iteration');
