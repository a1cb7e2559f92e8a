-- One row per deletion that kept records of the load out: who deleted, when, and how many records; each is told once.
select deletion_id, who, deleted_at, count(*)
from (select distinct on (place) * from left_deleted order by place, deletion_id desc)
group by all
order by all;
