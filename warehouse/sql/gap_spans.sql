-- One row per touched line of work: from when to when a pause may come or go. Beyond, every pause is longer than the rule's.
create or replace temp table gap_span as
with touched as (
    select line, min(first_at) as first_at, max(last_at) as last_at from touched_line group by line
)
select
    row_number() over (order by t.line) as number, t.line,
    least(any_value(t.first_at), min(g.first_at)) as first_at,
    greatest(any_value(t.last_at), max(g.last_at)) as last_at
from touched t
left join gap_task g
    on g.line = t.line and g.last_at + cast($gap as interval) >= t.first_at
    and g.first_at - cast($gap as interval) <= t.last_at
group by t.line;
