-- One row per day and every dimension but user, session, task and tags that are not promoted, for the touched days.
insert into usage_day_detail by name
select
    cast(local_of(start_at, $zone) as date) as day, source, gateway, seller, base_url, region, upstream_provider,
    operation, model, model_requested, role, service_tier, batch, rate_id, costing, currency, unpriced_reason,
    context_bucket, usage_status, http_status, error_category, finish_reason, gateway_cache_hit, billable_reason,
    streamed, tools, json_schema, image, video, reasoning_effort, org, team, project, environment, application,
    key_alias, promoted_of(tags, $promoted) as tags, cost_reported_currency, sum(columns('^sum_(.*)$')) as '\1'
from usage_cell
where start_at >= $from and start_at < $until
    and cast(local_of(start_at, $zone) as date) in (select day from touched_day) and true
group by all;
