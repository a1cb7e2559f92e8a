-- One row per line of an invoice that was not removed, in the order of their numbers.
select
    invoice_id, seller, model, first_day, last_day, currency, cast(pico as varchar) as pico, number, source
from invoice
where removed_at is null
order by invoice_id;
