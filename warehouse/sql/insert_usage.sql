-- One row per record of the batch that the warehouse does not hold yet: charged or not, rated, with its band.
insert into usage by name
with termed as (
    select
        b.*, coalesce(b.model_served, b.model_requested) as model,
        coalesce(b.input, 0) + coalesce(b.cache_read, 0) + coalesce(b.cache_write_5m, 0) + coalesce(b.cache_write_1h, 0)
            + coalesce(b.cache_write, 0) + coalesce(b.input_image, 0) + coalesce(b.input_audio, 0)
            + coalesce(b.input_video, 0) as input_tokens,
        tier_of(b.service_tier, b.batch) as tier,
        coalesce(org_scope.name, '') as org_key, coalesce(team_scope.name, '') as team_key,
        coalesce(region_scope.name, '') as region_key
    from batch b
    left join rate_scope org_scope on org_scope.seller = b.seller and org_scope.kind = 'org' and org_scope.name = b.org
    left join rate_scope team_scope
        on team_scope.seller = b.seller and team_scope.kind = 'team' and team_scope.name = b.team
    left join rate_scope region_scope
        on region_scope.seller = b.seller and region_scope.kind = 'region' and region_scope.name = b.region
),
name as (
    select distinct seller, model from rate_span
),
found as (
    select t.*, name.model as exact_name, case when name.model is null then dated_name(t.model) end as other_name
    from termed t
    left join name on name.seller = t.seller and name.model = t.model
),
named as (
    select f.* exclude (exact_name, other_name), coalesce(f.exact_name, name.model) as span_model
    from found f
    left join name on name.seller = f.seller and name.model = f.other_name
),
matched as (
    select
        b.* exclude (place, model, span_model, input_tokens, org_key, team_key, region_key) replace (
            -- Where the log has no place for cached tokens, all input at the full rate is the most it can have cost.
            case when b.cache_unseen and b.input > 0 and r.rate.cache_read < r.rate.input
                then concat_ws('; ', b.review, 'cached tokens are not in this log: the cost is an upper bound')
                else b.review end as review),
        coalesce(kept.kept_rate_id, s.rate_id) as rate_id, r.rate, seller_row.currency as seller_currency,
        seller_row.unpriced_reason as seller_reason, rule.charged, ruled.seller is not null as has_rule,
        flavour.cache_inside_input as holds_cache,
        b.input is not null and b.output is not null as has_usage, b.span_model is not null as has_card
    from named b
    join batch_key on batch_key.place = b.place
    left join rate_span s
        on s.seller = b.seller and s.model = b.span_model and s.tier = b.tier and s.org = b.org_key
        and s.team = b.team_key and s.region = b.region_key
        and b.start_at >= s.valid_from and b.start_at < s.valid_until
        and b.input_tokens >= s.context_from and b.input_tokens < s.context_until
        and case when s.zone is null then true
            else minute_of_week(b.start_at, s.zone) >= s.week_from and minute_of_week(b.start_at, s.zone) < s.week_until end
    left join repeat kept on kept.place = b.place
    left join flavour on flavour.name = b.usage_flavour
    left join (
        select rate_id, struct_pack(
            currency, input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image, input_audio,
            input_video, output_audio, output_image, web_search) as rate
        from rate
    ) r on r.rate_id = coalesce(kept.kept_rate_id, s.rate_id)
    left join seller seller_row on seller_row.seller = b.seller
    left join status_rule rule
        on rule.seller = b.seller and rule.http_status = b.http_status
        and b.start_at >= rule.valid_from and b.start_at < rule.valid_until
    left join (select distinct seller, valid_from, valid_until from status_rule) ruled
        on ruled.seller = b.seller and b.start_at >= ruled.valid_from and b.start_at < ruled.valid_until
),
charged as (
    select
        *,
        case
            when gateway_cache_hit then false
            when charged is not null then charged
            when has_usage then true
            when http_status in (408, 499, 504) or error_category in ('timeout', 'cancelled', 'disconnect') then null
            when error_category is null and coalesce(http_status between 200 and 299, true) then true
            when coalesce(http_status >= 400, true) then false
        end as is_billable
    from matched
),
explained as (
    select
        *,
        case
            when gateway_cache_hit then 'gateway cache hit'
            when charged then concat(seller, ' charges ', http_status)
            when not charged then concat(seller, ' does not charge ', http_status)
            when has_rule and http_status is not null
                then concat('status ', http_status, ' not in ', seller, '''s rule, default')
            when has_usage then 'usage reported'
            when http_status in (408, 499, 504) or error_category in ('timeout', 'cancelled', 'disconnect')
                then 'timeout or disconnect without usage: unknown'
            when is_billable then 'succeeded'
            when not is_billable then 'assumed: 4xx/5xx without usage is not charged'
            else 'neither success nor failure without usage: unknown'
        end as why_billable,
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
    from charged
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
    from explained
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
        end as declared
    from reasoned
),
priced as (
    select
        * replace (case when declared < 0 then 'its usage would cost less than nothing' else why_unpriced end as why_unpriced),
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
)
select
    * exclude (rate, seller_currency, seller_reason, charged, has_rule, has_usage, has_card, tier,
        is_billable, why_billable, unpriced_meter, why_unpriced, how, declared, cache_outside, all_cached, unseen_cached, other_cache,
        reasoning_outside, gap_in_output, upstream_cost, prompt, cached, output_read, cache_read_other, cache_unseen,
        cache_unproven, beyond_tokens,
        cache_inside, holds_cache, charged_reading, cost_currency, cost_kind),
    cast($file_id as integer) as file_id, true as counted, cast(null as varchar) as sighting_of,
    cast(null as varchar) as parent_key,
    is_billable as billable, why_billable as billable_reason,
    case when cost_reported is not null then coalesce(cost_currency, 'USD') end as cost_reported_currency,
    case when cost_reported is null then null when cost_kind is not null then cost_kind when byok then 'upstream' when seller = 'openrouter' then 'billed'
        else 'estimate' end as cost_reported_kind,
    how as costing, case when how <> 'unknown' then coalesce(rate.currency, seller_currency) end as currency,
    why_unpriced as unpriced_reason, case when how <> 'unknown' then declared end as cost_read,
    -- A reading that would cost less than nothing is none.
    case when how <> 'unknown' and review is not null then list_min(list_filter([
        declared, cache_outside, all_cached, unseen_cached, cache_inside, charged_reading, other_cache,
        reasoning_outside, gap_in_output], lambda x: x >= 0))
        end as cost_low,
    case when how <> 'unknown' and review is not null then list_max([
        declared, cache_outside, all_cached, unseen_cached, cache_inside, charged_reading, other_cache,
        reasoning_outside, gap_in_output]) end as cost_high
from banded;
