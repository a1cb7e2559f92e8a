-- One row per call through OpenRouter of which no log says what it was billed: the answer's id, and when it began.
select response_id, max(start_at) as began_at
from usage
where seller = 'openrouter' and response_id like 'gen-%' and granularity = 'request'
    and start_at >= $since and start_at < $until
group by response_id
having not bool_or(source = 'openrouter_generation')
    and count(*) filter (cost_reported is not null and cost_reported_kind in ('billed', 'upstream')) = 0
order by began_at desc, response_id;
