-- One row per version of one budget, the oldest first.
select budget_id, version, name, form, what, who, changed_at
from budget
where budget_id = $number
order by version;
