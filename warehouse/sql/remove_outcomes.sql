-- Takes out the outcomes of these tasks, one row each.
delete from outcome where list_contains($tasks, task);
