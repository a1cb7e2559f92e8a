-- Keeps, of the rows of one batch that are the same record, the fullest; of sums the last.
delete from batch_key
where place in (
    select place
    from (
        select b.place, row_number() over (
            partition by b.record_key
            order by case when b.granularity = 'bucket' then b.line end desc nulls last,
                case when b.granularity = 'bucket' then b.place end nulls last,
                b.fullness desc, tie_of(b) desc, b.line
        ) as rank
        from batch b
        where b.place in (
            select place from batch_key
            where record_key in (select record_key from batch_key group by record_key having count(*) > 1))
    )
    where rank > 1
);
