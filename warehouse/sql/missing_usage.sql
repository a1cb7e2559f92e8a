-- One row per seller, source, gateway and streaming (NULL: not told) of answers in scope without usage: how many, of how
-- many answers.
select
    seller, source, gateway, streamed, count(*) filter (usage_status = 'missing') as missing, count(*) as answers
from usage_row
where error_category is null and true
group by all
having missing > 0
order by missing desc, seller nulls last, source, gateway nulls last, streamed nulls last;
