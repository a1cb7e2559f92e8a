-- One row per staged line that is no call: its number in the load.
select coalesce(n.line, s.rowid + 1)
from stage s
left join line_number n on n.ordinal = s.rowid
where s.plain is null;
