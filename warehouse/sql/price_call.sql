-- One row per row of `billed_call`, which has a rate and is billable or not, with its cost and band, or why there is none.
matched as (
    select
        b.* replace (
            -- Where the log has no place for cached tokens, all input at the full rate is the most it can have cost.
            case when b.cache_unseen and b.input > 0 and r.rate.cache_read < r.rate.input
                then concat_ws('; ', b.review, 'cached tokens are not in this log: the cost is an upper bound')
                else b.review end as review),
        r.rate, seller_row.currency as seller_currency, seller_row.unpriced_reason as seller_reason,
        flavour.cache_inside_input as holds_cache
    from billed_call b
    left join flavour on flavour.name = b.usage_flavour
    left join (
        select rate_id, struct_pack(
            currency, input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image, input_audio,
            input_video, output_audio, output_image, web_search, request) as rate
        from rate
    ) r on r.rate_id = b.rate_id
    left join seller seller_row on seller_row.seller = b.seller
),
metered as (
    select
        *,
        case
            when coalesce(cache_write_5m, 0) > 0 and rate.cache_write_5m is null then 'no cache_write_5m rate'
            when coalesce(cache_write_1h, 0) > 0 and rate.cache_write_1h is null then 'no cache_write_1h rate'
            when coalesce(cache_write, 0) > 0 and rate.cache_write is null then 'no cache_write rate'
            when coalesce(cache_read, 0) > 0 and rate.cache_read is null then 'no cache_read rate'
            when coalesce(input, 0) > 0 and rate.input is null then 'no input rate'
            when coalesce(output, 0) > 0 and rate.output is null then 'no output rate'
            when coalesce(input_image, 0) > 0 and rate.input_image is null then 'no input_image rate'
            when coalesce(input_audio, 0) > 0 and rate.input_audio is null then 'no input_audio rate'
            when coalesce(input_video, 0) > 0 and rate.input_video is null then 'no input_video rate'
            when coalesce(output_audio, 0) > 0 and rate.output_audio is null then 'no output_audio rate'
            when coalesce(output_image, 0) > 0 and rate.output_image is null then 'no output_image rate'
            when coalesce(web_search, 0) > 0 and rate.web_search is null then 'no web_search rate'
        end as unpriced_meter
    from matched
),
reasoned as (
    select
        *,
        case
            when is_billable is false and coalesce(rate.currency, seller_currency) is not null then null
            when byok then 'byok: the upstream provider bills it'
            when seller is null then 'seller unknown'
            when seller_reason is not null then seller_reason
            when not has_usage then 'usage missing'
            when coalesce(model_served, model_requested) is null then 'model unknown'
            when rate_id is null and has_card and tier <> 'standard' then concat('no ', tier, ' rate')
            when rate_id is null then 'no rate'
            else unpriced_meter
        end as why_unpriced
    from metered
),
declared_cost as (
    select
        *,
        case when why_unpriced is null and is_billable is not false and review is not null then
            amount(input, rate.input) + amount(cache_read, rate.cache_read)
            + amount(cache_write_5m, rate.cache_write_5m) + amount(cache_write_1h, rate.cache_write_1h)
            + amount(cache_write, rate.cache_write) + amount(output, rate.output)
            + amount(input_image, rate.input_image) + amount(input_audio, rate.input_audio)
            + amount(input_video, rate.input_video) + amount(output_audio, rate.output_audio)
            + amount(output_image, rate.output_image) + amount(web_search, rate.web_search)
            + amount(request, rate.request)
        end as declared
    from reasoned
),
priced as (
    select
        * replace (case when declared < 0 then 'its usage would cost less than nothing' else why_unpriced end
            as why_unpriced),
        case when why_unpriced is not null or declared < 0 then 'unknown' when is_billable is false then 'free'
            else 'rated' end as how
    from declared_cost
),
banded as (
    select
        *,
        -- Cached tokens outside the prompt's count instead of inside.
        case when holds_cache and (check_gap <> 0 or cached > prompt)
            then declared + amount(cached, rate.input) end as cache_outside,
        -- All of the prompt from the cache, and nothing beyond it.
        case when holds_cache and cached > prompt
            then declared - amount(input, rate.input) - amount(cached - prompt, rate.cache_read) end as all_cached,
        -- All of the prompt from a cache that the log does not show.
        case when cache_unseen and input > 0 and rate.cache_read < rate.input
            then declared - amount(input, rate.input - rate.cache_read) end as unseen_cached,
        -- Cached tokens inside the prompt's count instead of beside it, where nothing tells or the total is another.
        case when not holds_cache and cached <= prompt
            and (check_gap <> 0 or cache_unproven)
            then declared - amount(cached, rate.input) end as cache_inside,
        -- What the seller says it charged, where that is more than tokens explain.
        case when beyond_tokens and coalesce(cost_currency, 'USD') = rate.currency
            then cost_reported end as charged_reading,
        case when cache_read_other <> cache_read and cache_read_other <= prompt
            then declared - (cache_read_other - cache_read) * (rate.input - rate.cache_read) end as other_cache,
        -- Reasoning outside the completion's count instead of inside.
        case when reasoning > output_read then declared + amount(reasoning, rate.output) end as reasoning_outside,
        -- The gap belongs to the output.
        case when check_gap <> 0 and output + check_gap >= 0
            then declared + amount(check_gap, rate.output) end as gap_in_output
    from priced
),
priced_call as (
    select
        * exclude (seller_reason, unpriced_meter, cache_outside, all_cached, unseen_cached, other_cache, reasoning_outside,
            gap_in_output, cache_inside, holds_cache, charged_reading),
        case when how <> 'unknown' then coalesce(rate.currency, seller_currency) end as cost_currency_found,
        -- A reading that would cost less than nothing is none.
        case when how <> 'unknown' and review is not null then list_min(list_filter([
            declared, cache_outside, all_cached, unseen_cached, cache_inside, charged_reading, other_cache,
            reasoning_outside, gap_in_output], lambda x: x >= 0))
            end as cost_low,
        case when how <> 'unknown' and review is not null then list_max([
            declared, cache_outside, all_cached, unseen_cached, cache_inside, charged_reading, other_cache,
            reasoning_outside, gap_in_output]) end as cost_high
    from banded
)
