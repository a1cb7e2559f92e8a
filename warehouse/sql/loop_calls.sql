-- One row per call of the batch, in the order of each loop; what is not known is -1.
select
    number, in_scope, kind, agent, worker, epoch_us(start_at) as start_us, coalesce(cast(step as bigint), -1) as step,
    cast(file_id as bigint) as file_id, line, coalesce(prompt, -1) as prompt, coalesce(cache_read, 0) as cache_read,
    coalesce(output, -1) as output, coalesce(reasoning, -1) as reasoning, coalesce(latency_ms, -1) as latency_ms,
    failed, doubtful, record in (select parent from loop_call where is_part) as has_parts,
    coalesce(cost, -1) as cost, coalesce(billed, -1) as billed, coalesce(rate_input, -1) as rate_input,
    coalesce(rate_cache_read, -1) as rate_cache_read, coalesce(rate_output, -1) as rate_output,
    coalesce(cast(sent_messages as bigint), -1) as sent_messages,
    coalesce(cast(known_messages as bigint), -1) as known_messages,
    coalesce(cast(new_back_chars as bigint), -1) as new_back_chars,
    coalesce(cast(new_other_chars as bigint), -1) as new_other_chars,
    coalesce(cast(answer_chars as bigint), -1) as answer_chars, coalesce(cast(call_chars as bigint), -1) as call_chars,
    coalesce(cast(thinking_chars as bigint), -1) as thinking_chars
from loop_call
order by number, agent, step nulls last, start_at, attempt nulls first, file_id, line;
