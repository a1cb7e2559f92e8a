-- One row: calls in scope that reached a seller, and how many would not fit into a context and a longest answer.
with call as (
    select
        output + coalesce(output_audio, 0) + coalesce(output_image, 0) as answer, max_tokens,
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
            as prompt
    from usage_row
    where granularity = 'request' and gateway_cache_hit is distinct from true and true
)
select
    count(*) as calls,
    count(prompt + answer) as sized,
    count(max_tokens) as limited,
    count(*) filter (prompt + answer > $context) as over_context,
    count(*) filter (prompt + max_tokens > $context) as asked_over_context,
    count(*) filter (answer > $longest) as over_longest,
    count(*) filter (max_tokens > $longest) as asked_over_longest,
    max(prompt + answer) as longest_call,
    max(max_tokens) as longest_asked,
    cast(sum(answer) filter (prompt is not null and answer is not null) as decimal(38, 0)) as answered,
    -- An answer without a limit may be as long as the model's longest, or as the rest of its context.
    cast(sum(greatest(answer, least(
        coalesce(max_tokens, $longest, $context - prompt), coalesce($longest, max_tokens, $context - prompt),
        coalesce($context - prompt, max_tokens, $longest)
    ))) filter (prompt is not null and answer is not null) as decimal(38, 0)) as allowed
from call;
