-- Keeps one period of a schedule as done, one row, in the place of what was kept of it.
delete from report_written where report_schedule_id = $number and period = $period;
insert into report_written by name
select
    cast($number as integer) as report_schedule_id, $period as period, cast($first as date) as first_day,
    cast($last as date) as last_day, $files as files, $note as note, $delivery as delivery,
    cast($written_at as timestamp) as written_at;
