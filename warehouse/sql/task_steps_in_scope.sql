-- One row per call of the tasks in scope whose log has no step: its place is that in time among those of its task.
create or replace temp table unnumbered as
with
-- include: task_calls
select *, row_number() over (partition by task order by start_at, line) as place from calls where step is null;
-- One row per place, upstream provider and currency of the tasks in scope: the sums of its calls.
create or replace temp table step_in_scope as
with
-- include: task_calls
select
    step as place, upstream_provider, currency, count(*) as calls, count(*) - count(cost) as unpriced,
    sum(cast(cost as decimal(38, 0))) as cost, sum(input) as input, sum(cache_read) as cache_read,
    sum(cache_written) as cache_written, sum(output) as output, sum(reasoning) as reasoning
from calls
where step is not null
group by all
union all
select
    place as place, upstream_provider, currency, count(*) as calls, count(*) - count(cost) as unpriced,
    sum(cast(cost as decimal(38, 0))) as cost, sum(input) as input, sum(cache_read) as cache_read,
    sum(cache_written) as cache_written, sum(output) as output, sum(reasoning) as reasoning
from unnumbered
group by all;
-- One row per task in scope and upstream provider: the places at which it has calls, a bit for each of the first.
create or replace temp table step_task as
with
-- include: task_calls
select
    task, upstream_provider, bit_or(case when step < 120 then cast(1 as hugeint) << step end) as first_places
from calls
where step is not null
group by task, upstream_provider
union all
select task, upstream_provider, bit_or(case when place < 120 then cast(1 as hugeint) << place end)
from unnumbered
group by task, upstream_provider;
-- One row per task in scope, upstream provider and place that has no bit.
create or replace temp table late_place as
with
-- include: task_calls
select distinct task, step as place from calls where step >= 120
union
select task, place from unnumbered where place >= 120;
