-- Adds the lines of a file that are not there yet, in their order; gives their numbers back, one row each.
insert into invoice by name
select
    (select coalesce(max(invoice_id), 0) from invoice) + row_number() over (order by place) as invoice_id,
    seller, model, first_day, last_day, currency, cast(pico as decimal(38, 0)) as pico, number, source, kind, key, label,
    digest, cast($demo as boolean) as demo, cast($now as timestamp) as entered_at
from (
    select unnest(from_json(
        $lines,
        '[{"place": "integer", "seller": "varchar", "model": "varchar", "first_day": "date", "last_day": "date",
        "currency": "varchar", "pico": "varchar", "number": "varchar", "source": "varchar", "kind": "varchar",
        "key": "varchar", "label": "varchar", "digest": "varchar"}]'), recursive := true)
)
where digest not in (select digest from invoice where digest is not null and removed_at is null)
returning invoice_id;
