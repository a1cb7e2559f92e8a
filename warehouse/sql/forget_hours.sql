-- Takes the touched hours, and the days they are in, out of the rollups.
delete from usage_hour where hour_at in (select hour_at from touched_hour) and true;
delete from usage_day where day in (select day from touched_day) and true;
delete from usage_day_detail where day in (select day from touched_day) and true;
