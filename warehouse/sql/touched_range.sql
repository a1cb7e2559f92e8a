-- One row: first and last moment at which the load stored, replaced or uncounted a row.
select
    least((select min(start_at) from batch_key), (select min(hour_at) from touched_hour)),
    greatest((select max(start_at) from batch_key), (select max(hour_at) + interval 1 hour from touched_hour));
