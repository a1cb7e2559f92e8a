-- Empties every rollup, before a full rebuild.
delete from usage_hour;
delete from usage_day;
delete from usage_day_detail;
delete from dimension_value;
