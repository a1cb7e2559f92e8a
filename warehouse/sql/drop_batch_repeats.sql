-- Keeps, of the rows of one batch that are the same record, the fullest; returns how many rows went.
delete from batch
where rowid in (
    select row_number_id
    from (
        select rowid as row_number_id, row_number() over (
            partition by record_key
            order by fullness desc, tie_of(
                start_at, seller, model_served, task, step, team, http_status, latency_ms, tags) desc, line
        ) as place
        from batch
        where record_key in (select record_key from batch group by record_key having count(*) > 1)
    )
    where place > 1
);
