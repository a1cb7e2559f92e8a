-- One row per seller, source and streaming of answers in scope without usage: how many, of how many answers.
select
    seller, source, coalesce(streamed, false) as is_stream, count(*) filter (usage_status = 'missing') as missing,
    count(*) as answers
from usage_row
where error_category is null and true
group by all
having missing > 0
order by missing desc, seller nulls last, source;
