-- One row: files, calls that count, lines that could not be read, and calls whose cost or usage a person should look at.
select
    (select count(*) from ingest_file),
    (select coalesce(sum(requests), 0) from usage_day),
    (select count(*) from reject),
    count(*) filter (costing = 'unknown' and unpriced_reason not in (
        select unpriced_reason from seller where unpriced_reason is not null)),
    count(*) filter (review is not null),
    count(*)
from usage
where counted and granularity in ('request', 'iteration')
    and (review is not null or costing = 'unknown' and unpriced_reason not in (
        select unpriced_reason from seller where unpriced_reason is not null));
