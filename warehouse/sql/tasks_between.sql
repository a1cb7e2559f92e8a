-- One row per task that began in these times.
delete from touched_task;
insert into touched_task select * from every_task where first_at >= $from and first_at < $until;
