-- Adds one line of an invoice; gives its number back, one row.
insert into invoice by name
select
    coalesce(max(invoice_id), 0) + 1 as invoice_id, $seller as seller, $model as model,
    cast($first_day as date) as first_day, cast($last_day as date) as last_day, $currency as currency,
    cast($pico as decimal(38, 0)) as pico, $number as number, $source as source, $kind as kind, $key as key,
    $label as label, false as demo, cast($now as timestamp) as entered_at
from invoice
returning invoice_id;
