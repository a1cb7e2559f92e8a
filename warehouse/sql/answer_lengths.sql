-- One row per seller and model of answers in scope: how long they are, in output tokens, and the limits they were given.
with answer as (
-- include: answers
)
select
    seller, model, count(*) as calls, count(output) as known, quantile_disc(output, 0.5) as p50,
    quantile_disc(output, 0.99) as p99, max(output) as longest, min(max_tokens) as least_limit,
    max(max_tokens) as greatest_limit
from answer
group by seller, model
order by calls desc, seller nulls last, model nulls last;
