-- One row: the highest number that a budget ever had, 0 before the first.
select coalesce(max(budget_id), 0) as budget_id from budget;
