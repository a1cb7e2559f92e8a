-- One row per kind of reason (its place among the kinds, 0 for none of them): lines, files, and its first line.
with placed as (
    select r.*, coalesce(list_position(list_transform($kinds, lambda patterns:
        len(list_filter(patterns, lambda pattern: r.reason like pattern)) > 0), true), 0) as kind
    from reject r
)
select
    p.kind, count(*), count(distinct p.file_id),
    arg_min(f.path, (p.file_id, p.line)), arg_min(p.line, (p.file_id, p.line)), arg_min(p.reason, (p.file_id, p.line))
from placed p
join ingest_file f on f.file_id = p.file_id
group by p.kind
order by count(*) desc, p.kind;
