-- One row per staged line, with its start in UTC: its own time, else the answer's creation, else the time given.
select
    * exclude (time_text),
    case
        when regexp_full_match(time_text, '\d{9,10}(\.\d{1,6})?')
            then make_timestamp(cast(round(cast(time_text as double) * 1e6) as bigint))
        when regexp_full_match(time_text, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?')
            then cast(try_cast(time_text as timestamptz) as timestamp)
        when time_text is not null then null
        when regexp_full_match(created_text, '\d{9,10}(\.\d{1,6})?')
            then make_timestamp(cast(round(cast(created_text as double) * 1e6) as bigint))
        when created_text is null then cast($given_time as timestamp)
    end as start_at,
    case
        when time_text is null and created_text is null then 'given'
        when regexp_full_match(time_text, '.*[T ][^Z+-]*') then 'assumed_utc'
        else 'exact'
    end as time_quality
