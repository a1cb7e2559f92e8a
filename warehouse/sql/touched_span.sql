-- One row: a time range that holds every row of the touched days, whatever the zone.
select min(hour_at) - interval 26 hours, max(hour_at) + interval 26 hours from touched_hour;
