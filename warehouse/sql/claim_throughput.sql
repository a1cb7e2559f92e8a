-- One row: the minute in which most output of these models came from one seller, each answer's spread evenly over the time
-- in which it came: how many answers were coming, and the tokens that came. Answers that do not say how long they took
-- are in none.
with answer as (
    select
        output, start_at + to_milliseconds(latency_ms) as ends,
        start_at + to_milliseconds(case when ttft_ms < latency_ms then ttft_ms else 0 end) as begins
    from usage_row
    where seller = $seller and list_contains($models, model) and error_category is null and output > 0
        and latency_ms > 0
),
part as (
    select *, unnest(range(date_trunc('minute', begins), ends, interval 1 minute)) as minute
    from answer
)
select
    minute, count(*) as calls,
    sum(output * (epoch_ms(least(ends, minute + interval 1 minute)) - epoch_ms(greatest(begins, minute)))
        / (epoch_ms(ends) - epoch_ms(begins))) as output
from part
group by minute
order by output desc, minute
limit 1;
