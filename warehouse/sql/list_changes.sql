-- One row per change of the kinds of entries asked for, the newest first.
select changed_at, who, what
from audit
where list_contains($kinds, split_part(what, ' ', 1))
order by changed_at desc, rowid desc
limit $top;
