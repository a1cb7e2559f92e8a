-- One row per call in a state, the furthest off first: where it stands, and of a different one the rate that it was
-- reported at, where one that this warehouse knows says just as much.
-- include: reported_calls
,
top as (
    select *, count(*) over () as calls
    from stated
    where state = $state
        and ($of_seller is null or seller = $of_seller) and (not $one_model or model is not distinct from $of_model)
    order by abs(coalesce(cost_reported, 0) - coalesce(cost, 0)) desc, start_at, record_key
    limit $top
),
rated as (
    select t.record_key, arg_min(struct_pack(seller := r.seller, model := r.model, valid_from := r.valid_from), (
        r.seller is distinct from t.seller, r.model is distinct from t.model, not r.active, r.rate_id)) as rate
    from top t
    join rate r
        on r.currency = t.cost_reported_currency and t.state = 'different' and t.cost_reported > 0
        and (r.seller = t.seller or r.model = t.model)
        and r.rate_id is distinct from t.rate_id
        and abs(amount(t.input, r.input) + amount(t.cache_read, r.cache_read) + amount(t.cache_write_5m, r.cache_write_5m)
            + amount(t.cache_write_1h, r.cache_write_1h) + amount(t.cache_write, r.cache_write)
            + amount(t.output, r.output) + amount(t.web_search, r.web_search) + amount(t.request, r.request)
            - t.cost_reported) <= 500
    group by t.record_key
)
select
    f.path, t.line, t.start_at, t.model, t.key_alias, t.task, t.step,
    t.input + coalesce(t.cache_read, 0) + coalesce(t.cache_write_5m, 0) + coalesce(t.cache_write_1h, 0)
        + coalesce(t.cache_write, 0),
    t.output, coalesce(t.currency, t.cost_reported_currency), t.cost, t.cost_reported, t.cost_reported_currency,
    t.usage_status, t.http_status, t.retry_count, t.unpriced_reason, s.rate.seller, s.rate.model, s.rate.valid_from, t.calls
from top t
left join ingest_file f on f.file_id = t.file_id
left join rated s on s.record_key = t.record_key
order by abs(coalesce(t.cost_reported, 0) - coalesce(t.cost, 0)) desc, t.start_at, t.record_key;
