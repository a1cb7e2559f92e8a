-- One row per evaluation event with one of these names and task that it is about, the oldest first: found by the answer,
-- else by the span, else by the trace where all its calls are of one task.
with said as (
    select *, regexp_replace(lower(name), '^.*[./]', '') as word
    from evaluation
    where list_contains($names, regexp_replace(lower(name), '^.*[./]', ''))
),
met as (
    select s.evaluation_key, 1 as nearness, coalesce(u.sighting_of, u.record_key) as record_key
    from said s
    join usage u on u.response_id = s.response_id
    union all
    select s.evaluation_key, 2, coalesce(u.sighting_of, u.record_key)
    from said s
    join usage u on u.trace_id = s.trace_id and u.span_id = s.span_id
    union all
    select s.evaluation_key, 3, coalesce(u.sighting_of, u.record_key)
    from said s
    join usage u on u.trace_id = s.trace_id
),
named as (
    select m.evaluation_key, m.nearness, u.task
    from met m
    -- The row that counts says whose the call is, whichever row the verdict names.
    join usage_row u on u.record_key = m.record_key
    where u.task is not null
),
about as (
    select evaluation_key, nearness, min(task) as task
    from named
    group by evaluation_key, nearness
    having min(task) = max(task)
    qualify row_number() over (partition by evaluation_key order by nearness) = 1
)
select a.task, s.word, s.name, s.score, s.label
from said s
join about a using (evaluation_key)
order by s.judged_at nulls first, s.evaluation_key;
