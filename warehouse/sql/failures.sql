-- One row per kind, seller, region, base URL and status of failed attempts in scope, and currency: count, cost, delay.
with failed as (
    select * from usage_row_priced where error_category is not null and true
),
-- What their logs call them, whatever the rule makes of tasks.
named as (
    select request_id, task, step from usage where counted and error_category is not null
),
-- Every attempt of a call of which one failed. Attempts are one call's where the log gives them one request id, or the
-- same task and step and numbers of their own.
attempt as (
    select record_key, start_at, attempt, 'id ' || request_id as call
    from usage
    where counted and request_id in (select request_id from named)
    union all
    select record_key, start_at, attempt, 'step ' || task || ' ' || step
    from usage
    where counted and attempt is not null and request_id is null
        and (task, step) in (select (task, step) from named where task is not null and step is not null)
),
followed as (
    select
        record_key,
        lead(start_at) over (partition by call order by start_at, attempt, record_key) as next_at,
        lead(attempt) over (partition by call order by start_at, attempt, record_key) as next_attempt
    from attempt
),
delayed as (
    select
        f.*, n.next_at is not null as is_tried_again,
        -- Until the next try began; where none is known, as long as this one took.
        coalesce(date_diff('millisecond', f.start_at, n.next_at), f.latency_ms) as delay_ms
    from failed f
    left join followed n
        on n.record_key = f.record_key and (n.next_attempt is null or f.attempt is null or n.next_attempt > f.attempt)
)
select
    error_category, seller, region, base_url, http_status, currency, count(*) as failures,
    count(*) filter (cost > 0) as charged, count(*) filter (costing = 'unknown') as unpriced,
    count(*) filter (costing = 'free' and billable_reason like 'assumed%') as assumed_free,
    cast(sum(cost) as decimal(38, 0)) as cost, count(*) filter (is_tried_again) as tried_again,
    count(delay_ms) as timed, cast(sum(delay_ms) as bigint) as delay_ms, max(delay_ms) as longest_ms,
    min(start_at) as first_at, max(start_at) as last_at
from delayed
group by error_category, seller, region, base_url, http_status, currency, costing = 'unknown'
order by failures desc, error_category, seller nulls last, region nulls last, base_url nulls last, http_status nulls last,
    currency nulls last;
