-- One row per budget that was not removed, as its newest version has it, in the order of their numbers.
select budget_id, version, name, form, what, who, changed_at
from budget
qualify version = max(version) over (partition by budget_id) and what <> 'removed'
order by budget_id;
