-- One row per call of one comparison, dearest first: where it stands and what is known of it.
select
    f.path, u.line, u.start_at, coalesce(u.model_served, u.model_requested) as model, u.key_alias, u.task, u.step,
    u.input + coalesce(u.cache_read, 0) + coalesce(u.cache_write_5m, 0) + coalesce(u.cache_write_1h, 0)
        + coalesce(u.cache_write, 0) as tokens_in,
    u.output, u.currency, u.cost, u.cost_reported, u.cost_reported_currency, u.usage_status, u.http_status,
    u.retry_count, u.unpriced_reason, null as rate_seller, null as rate_model, null as rate_from, count(*) over () as calls
from usage_priced u
left join ingest_file f on f.file_id = u.file_id
where u.counted and u.granularity in ('request', 'iteration') and u.seller = $seller
    and (u.currency is null or u.currency = $currency or u.costing = 'unknown')
    and u.start_at >= cast($since as timestamp) - interval 2 day and u.start_at < cast($until as timestamp) + interval 3 day
    and list_contains(cast($days as date[]), cast(local_of(u.start_at, $zone) as date))
    and list_contains(cast($models as varchar[]), coalesce(u.model_served, u.model_requested, ''))
    and ($any_key or list_contains(cast($keys as varchar[]), coalesce(u.key_alias, '')))
    and not (coalesce(u.byok, false) or coalesce(u.cost_reported_kind = 'upstream', false))
order by u.cost desc nulls first, u.start_at, u.record_key
limit $top;
