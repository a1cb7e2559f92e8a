-- One row per group and currency: its tasks of known cost, those of them whose end is known, and how many pieces of work.
with
-- include: task_grouped
select
    name, currency, count(*), cast(sum(cost) as decimal(38, 0)), count(resolved),
    cast(coalesce(sum(cost) filter (resolved is not null), 0) as decimal(38, 0)), count(*) filter (resolved),
    count(distinct work)
from grouped
where cost is not null
group by name, currency
order by name nulls last, currency;
