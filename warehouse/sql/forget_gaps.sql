-- Forgets the tasks that pauses made, one row each; of which call they were stays until other pauses make others.
delete from gap_task;
