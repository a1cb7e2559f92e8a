-- One row per billing day that holds a touched hour.
delete from touched_day;
insert into touched_day select distinct cast(local_of(hour_at, $zone) as date) from touched_hour;
