-- One row per file of the load: what it held, what of it was stored, and how many of its stored rows are unpriced,
-- need review, are partial.
with kept as (
    select p.number, count(*) as kept, min(k.start_at) as first_at, max(k.start_at) as last_at
    from batch_key k
    asof join part p on k.line >= p.first_line
    group by p.number
),
fuller as (
    select p.number, count(*) as fuller
    from repeat r
    join batch_key k on k.place = r.place
    asof join part p on k.line >= p.first_line
    where r.is_fuller
    group by p.number
),
stored as (
    select
        p.number, count(*) filter (u.costing = 'unknown') as unpriced, count(*) filter (u.review is not null) as review,
        count(*) filter (u.usage_status = 'partial') as partial
    from usage u
    join part p on u.file_id = p.file_id and u.line >= p.new_from
    where u.start_at between $since and $until and u.granularity in ('request', 'iteration')
    group by p.number
),
unread as (
    select p.number, count(*) as rejected
    from problem
    asof join part p on problem.line >= p.first_line
    group by p.number
)
select
    coalesce(h.records, 0), coalesce(k.kept, 0) - coalesce(f.fuller, 0), coalesce(f.fuller, 0),
    coalesce(h.records, 0) - coalesce(k.kept, 0), coalesce(unread.rejected, 0), coalesce(s.unpriced, 0),
    coalesce(s.review, 0), coalesce(s.partial, 0), k.first_at, k.last_at
from part
left join held_record h using (number)
left join kept k using (number)
left join fuller f using (number)
left join stored s using (number)
left join unread using (number)
order by number;
