-- One row per change of the kinds of entries asked for, the newest first; a count may stand before the kind.
select changed_at, who, what, before, after
from audit
where exists (
    select 1 from unnest(cast($kinds as varchar[])) as asked(kind)
    where starts_with(regexp_replace(what, '^[0-9]+ ', ''), kind || ' ')
)
order by changed_at desc, rowid desc
limit $top;
