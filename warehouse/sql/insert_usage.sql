-- One row per record of the batch that the warehouse does not hold yet: charged or not, rated, with its band.
insert into usage by name
with call as (
    -- Which file a line is of is looked up in lists: a join with `part` would lose the order of the lines.
    select
        b.* replace (b.line - getvariable('load_shifts')[part_of(b.line)] as line),
        getvariable('load_files')[part_of(b.line)] as file_id
    from batch b join batch_key on batch_key.place = b.place
),
-- include: find_rate
ruled as (
    select
        c.* exclude (span_rate_id), coalesce(kept.kept_rate_id, c.span_rate_id) as rate_id, rule.charged,
        ruled.seller is not null as has_rule, c.input is not null and c.output is not null as has_usage
    from rated_call c
    left join repeat kept on kept.place = c.place
    left join status_rule rule
        on rule.seller = c.seller and rule.http_status = c.http_status
        and c.start_at >= rule.valid_from and c.start_at < rule.valid_until
    left join (select distinct seller, valid_from, valid_until from status_rule) ruled
        on ruled.seller = c.seller and c.start_at >= ruled.valid_from and c.start_at < ruled.valid_until
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
    from ruled
),
billed_call as (
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
        end as why_billable
    from charged
),
-- include: price_call
select
    * exclude (place, rate, seller_currency, charged, has_rule, has_usage, has_card, tier, is_billable, why_billable,
        why_unpriced, how, declared, cost_currency_found, upstream_cost, prompt, cached, output_read, cost_currency,
        cost_kind, unknown_usage)
    -- A rate that lacks what the call used has not priced it: another one may.
    replace (
        case when why_unpriced like 'no % rate' then null else rate_id end as rate_id,
        -- Kept where a band is made from it.
        case when cache_read_other <> cache_read then cache_read_other end as cache_read_other,
        nullif(cache_unseen, false) as cache_unseen, nullif(cache_unproven, false) as cache_unproven,
        nullif(beyond_tokens, false) as beyond_tokens),
    true as counted, cast(null as varchar) as sighting_of,
    is_billable as billable, why_billable as billable_reason,
    case when cost_reported is not null then coalesce(cost_currency, 'USD') end as cost_reported_currency,
    case when cost_reported is null then null when cost_kind is not null then cost_kind when byok then 'upstream' when seller = 'openrouter' then 'billed'
        else 'estimate' end as cost_reported_kind,
    how as costing, cost_currency_found as currency, why_unpriced as unpriced_reason,
    case when how <> 'unknown' then declared end as cost_read
from priced_call;
