-- One row: how many days of a report the load has two answers about that were asked for at different times.
select count(*)
from (
    select 1 from asked_found group by report, grouped_by, day having count(distinct asked_at) > 1
);
