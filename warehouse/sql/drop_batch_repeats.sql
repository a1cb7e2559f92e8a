-- Keeps, of the rows of one batch that are the same record, the fullest; of sums the last.
create or replace temp table repeated as
select place, record_key, is_sum or fullness = max(fullness) over (partition by record_key) as is_best
from batch_key
where record_key in (select record_key from batch_key group by record_key having count(*) > 1);
delete from batch_key where place in (select place from repeated where not is_best);
-- What tells equally full ones apart costs much to say, and few are.
delete from batch_key
where place in (
    select place
    from (
        select b.place, row_number() over (
            partition by b.record_key
            order by case when b.granularity = 'bucket' then b.line end desc nulls last,
                case when b.granularity = 'bucket' then b.place end nulls last,
                tie_of(b) desc, b.line
        ) as rank
        from batch b
        where b.place in (
            select place from repeated
            where is_best and record_key in (
                select record_key from repeated where is_best group by record_key having count(*) > 1))
    )
    where rank > 1
);
