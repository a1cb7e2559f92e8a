-- One row per row of `call`, with what its rate is looked up by: CTEs that end in `rate_key`.
rate_terms as (
    select
        c.*, coalesce(c.model_served, c.model_requested) as model,
        coalesce(c.input, 0) + coalesce(c.cache_read, 0) + coalesce(c.cache_write_5m, 0) + coalesce(c.cache_write_1h, 0)
            + coalesce(c.cache_write, 0) + coalesce(c.input_image, 0) + coalesce(c.input_audio, 0)
            + coalesce(c.input_video, 0) as input_tokens,
        tier_of(c.service_tier, c.batch) as tier,
        coalesce(org_scope.name, '') as org_key, coalesce(team_scope.name, '') as team_key,
        coalesce(region_scope.name, '') as region_key
    from call c
    left join rate_scope org_scope on org_scope.seller = c.seller and org_scope.kind = 'org' and org_scope.name = c.org
    left join rate_scope team_scope
        on team_scope.seller = c.seller and team_scope.kind = 'team' and team_scope.name = c.team
    left join rate_scope region_scope
        on region_scope.seller = c.seller and region_scope.kind = 'region' and region_scope.name = c.region
),
rate_model as (
    select distinct seller, model from rate_span
),
-- The very model string goes first; a dated pattern is asked for what has none.
exact_model as (
    select t.*, m.model as exact_model, case when m.model is null then dated_name(t.model) end as pattern
    from rate_terms t
    left join rate_model m on m.seller = t.seller and m.model = t.model
),
rate_key as (
    select e.* exclude (exact_model, pattern), coalesce(e.exact_model, m.model) as span_model
    from exact_model e
    left join rate_model m on m.seller = e.seller and m.model = e.pattern
),
