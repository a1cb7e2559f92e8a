-- One row per line of an invoice that was not removed, in the order of their numbers.
with line as (
    -- A database of before there were kinds and keys has no columns for them.
    select cast(null as varchar) as kind, cast(null as varchar) as key, cast(null as varchar) as label where false
    union all by name
    select * from invoice
)
select
    invoice_id, seller, model, first_day, last_day, currency, cast(pico as varchar) as pico, number, source,
    coalesce(kind, 'usage') as kind, key, label
from line
where removed_at is null
order by invoice_id;
