-- One row per call of the batch, in the order of each loop; what is not known is -1.
select
    number, in_scope, kind, agent, worker, epoch_us(start_at) as start_us, coalesce(cast(step as bigint), -1) as step,
    cast(file_id as bigint) as file_id, line, coalesce(prompt, -1) as prompt, coalesce(cache_read, 0) as cache_read,
    coalesce(output, -1) as output, coalesce(reasoning, -1) as reasoning, coalesce(latency_ms, -1) as latency_ms,
    failed, doubtful, record in (select parent from loop_call where is_part) as has_parts,
    coalesce(cost, -1) as cost, coalesce(billed, -1) as billed, coalesce(rate_input, -1) as rate_input,
    coalesce(rate_cache_read, -1) as rate_cache_read, coalesce(rate_output, -1) as rate_output
from loop_call
order by number, agent, step nulls last, start_at, attempt nulls first, file_id, line;
