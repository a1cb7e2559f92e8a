<<<<<<< HEAD
-- Keeps, of the rows of one batch that are the same record, the fullest; of sums the last.
=======
-- Keeps, of the rows of one batch that are the same record, the fullest.
create or replace temp table repeated as
select
    place, record_key, fullness = max(fullness) over (partition by record_key) as is_fullest
from batch_key
where record_key in (select record_key from batch_key group by record_key having count(*) > 1);
delete from batch_key where place in (select place from repeated where not is_fullest);
-- What tells equally full ones apart costs much to say, and few are.
>>>>>>> 8fdc6ae (Small session files are loaded many at a time, in one merge)
delete from batch_key
where place in (
    select place
    from (
<<<<<<< HEAD
        select b.place, row_number() over (
            partition by b.record_key
            order by case when b.granularity = 'bucket' then b.line end desc nulls last,
                case when b.granularity = 'bucket' then b.place end nulls last,
                b.fullness desc, tie_of(b) desc, b.line
        ) as rank
=======
        select b.place, row_number() over (partition by b.record_key order by tie_of(b) desc, b.line) as rank
>>>>>>> 8fdc6ae (Small session files are loaded many at a time, in one merge)
        from batch b
        where b.place in (
            select place from repeated
            where is_fullest and record_key in (
                select record_key from repeated where is_fullest group by record_key having count(*) > 1))
    )
    where rank > 1
);
