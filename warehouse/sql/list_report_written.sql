-- One row per period of a schedule that is done, the oldest first.
select report_schedule_id, period, first_day, last_day, files, note, delivery, written_at
from report_written
order by report_schedule_id, first_day;
