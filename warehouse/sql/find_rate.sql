-- One row per row of `call`, with the rate among whose calls it is: CTEs that end in `rated_call`.
-- include: rate_key
rate_zone as (
    select distinct seller, model, org, team, valid_from, valid_until, zone from rate_span where zone is not null
),
-- Whose clock matters is found first: an outer join is fast only where every condition compares the one side with the
-- other.
timed_key as (
    select k.*, case when z.zone is null then 0 else minute_of_week(k.start_at, z.zone) end as week_minute
    from rate_key k
    left join rate_zone z
        on z.seller = k.seller and z.model = k.span_model and z.org = k.org_key and z.team = k.team_key
        and k.start_at >= z.valid_from and k.start_at < z.valid_until
),
rated_call as (
    select
        k.* exclude (model, span_model, input_tokens, org_key, team_key, region_key, week_minute),
        s.rate_id as span_rate_id, k.span_model is not null as has_card
    from timed_key k
    left join rate_span s
        on s.seller = k.seller and s.model = k.span_model and s.tier = k.tier and s.org = k.org_key
        and s.team = k.team_key and s.region = k.region_key
        and k.start_at >= s.valid_from and k.start_at < s.valid_until
        and k.input_tokens >= s.context_from and k.input_tokens < s.context_until
        and k.week_minute >= s.week_from and k.week_minute < s.week_until
),
