-- One row per line of an invoice that came from a file and was not removed: what tells it from all others.
with line as (
    -- A database of before lines came from files has no column for it.
    select cast(null as varchar) as digest where false
    union all by name
    select * from invoice
)
select digest
from line
where removed_at is null and digest is not null
order by digest;
