-- One row: the minute in which calls of these models at one seller, begun in it, made most output: its calls and tokens.
select date_trunc('minute', start_at) as minute, count(*) as calls, cast(sum(output) as bigint) as output
from usage_row
where seller = $seller and list_contains($models, model) and error_category is null and output is not null
group by minute
order by output desc, minute
limit 1;
