-- Marks one schedule of reports, one row, as removed.
update report_schedule set removed_at = $now where report_schedule_id = $number;
