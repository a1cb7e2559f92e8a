-- One row per counted call, with its billing day.
select * replace (cast(local_of(start_at, $zone) as date) as day) from usage_row_priced
