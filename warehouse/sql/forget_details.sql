-- Takes the touched days out of the rollup of all dimensions.
delete from usage_day_detail where day in (select day from touched_day);
