-- The rule that makes tasks, for each call: the word of the first of its ids that the rule names, else the task of its pause.
create or replace macro named_task(task, trace_id, session_id, tags) as coalesce(/* names */ cast(null as varchar));
create or replace macro task_of(task, trace_id, session_id, tags, gap_task) as coalesce(/* parts */ cast(null as varchar));
create or replace macro task_part_of(task, trace_id, session_id, tags, gap_task) as case /* numbers */ when false then 0 end;
