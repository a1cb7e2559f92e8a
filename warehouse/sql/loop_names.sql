-- One row per numbered task: its name, and the team of most of its calls.
select number, task, team from loop_task join task_cost using (task) where $numbers is null or list_contains($numbers, number);
