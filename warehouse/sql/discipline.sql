-- One row per seller, model and currency of answers in scope that are alike: how many they are, and what they cost.
with answer as (
-- include: answers
),
-- One row per seller and model: the length that 99% of its answers do not exceed.
length as (
    select seller, model, quantile_disc(output, 0.99) as p99
    from answer
    group by seller, model
),
judged as (
    select
        a.* exclude (ending, max_tokens),
        a.ending is not null as has_end,
        coalesce(a.ending in ('length', 'max_tokens', 'max_output_tokens', 'model_length', 'max_token', 'token_limit',
            'model_context_window_exceeded'), false) as is_cut,
        a.output is not null as has_length,
        coalesce(
            a.output - coalesce(a.reasoning, 0) <= 0 and coalesce(a.output_audio, 0) + coalesce(a.output_image, 0) = 0
            and a.costing <> 'free'
            and coalesce(a.ending not in ('tool_calls', 'tool_use', 'function_call', 'tool_call'), true),
            false) as is_empty,
        coalesce(a.output >= l.p99, false) as is_long
    from answer a
    join length l on l.seller is not distinct from a.seller and l.model is not distinct from a.model
),
c as (
    select
        seller, model, currency, costing, rate_id, holds_request, is_limited, has_end, is_cut, has_length, is_empty,
        is_long, count(*) as calls,
        sum(columns('^(input.*|cache_read|cache_write.*|output.*|web_search|request)$'))
    from judged
    group by all
)
select
    c.seller, c.model, c.currency, c.holds_request, c.is_limited, c.has_end, c.is_cut, c.has_length, c.is_empty,
    c.is_long, cast(sum(c.calls) as bigint) as calls,
    cast(sum(case c.costing
        when 'rated' then
-- include: token_cost
        when 'free' then 0
    end) as decimal(38, 0)) as cost
from c
left join rate r on r.rate_id = c.rate_id
group by c.seller, c.model, c.currency, c.holds_request, c.is_limited, c.has_end, c.is_cut, c.has_length, c.is_empty,
    c.is_long, c.costing = 'unknown'
order by c.seller nulls last, c.model nulls last, calls desc, c.currency, c.holds_request, c.is_limited, c.has_end,
    c.is_cut, c.has_length, c.is_empty, c.is_long;
