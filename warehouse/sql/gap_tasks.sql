-- One row per stretch: what was made of these spans before gives way to it, and the tasks of both are touched.
insert into touched_task
select g.task, g.first_at, g.last_at
from gap_task g
join gap_span s on s.line = g.line and g.first_at between s.first_at and s.last_at;
delete from gap_task g using gap_span s where s.line = g.line and g.first_at between s.first_at and s.last_at;
insert into gap_task select line, task, first_at, last_at from gap_stretch;
insert into touched_task select task, first_at, last_at from gap_stretch;
