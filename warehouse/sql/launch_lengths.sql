-- One row per sampled call: of each kind of task so many whose tokens are known, chosen by their keys, which are hashes.
with
-- include: launch_calls
-- include: launch_tasks
select t.kind, c.taken, c.cached_told, c.output
from call c
join task_kind t using (of_task)
where c.taken is not null and c.output is not null and (not c.has_failed or t.kind = 'failure')
qualify row_number() over (partition by t.kind order by c.record_key) <= $most
order by t.kind, c.record_key;
