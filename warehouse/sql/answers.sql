-- One row per counted answer in scope: a call that did not fail and makes text; its file says what it says of requests.
select
    u.seller, u.model, u.currency, u.costing, u.rate_id,
    u.input, u.cache_read, u.cache_write_5m, u.cache_write_1h, u.cache_write, u.output, u.input_image, u.input_audio,
    u.input_video, u.output_audio, u.output_image, u.web_search, u.request, u.reasoning,
    u.max_tokens is not null or f.file_id is not null as holds_request, u.max_tokens is not null as is_limited,
    lower(u.finish_reason) as ending, u.max_tokens,
from usage_row u
-- A file that names what any of its calls asked for has a place for it.
left join (
    select distinct file_id
    from usage
    where max_tokens is not null or tools is not null or json_schema is not null or reasoning_effort is not null
) f on f.file_id = u.file_id
where u.error_category is null and u.operation is distinct from 'embeddings' and true
