-- One row per task whose outcome was entered, by name.
select task, resolved, score, kind, work, judged_at, source, entered_at, demo from outcome order by task;
