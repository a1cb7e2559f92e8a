-- One row per row of `call`, with the rate among whose calls it is: CTEs that end in `rated_call`.
-- include: rate_key
rated_call as (
    select
        k.* exclude (model, span_model, input_tokens, org_key, team_key, region_key),
        s.rate_id as span_rate_id, k.span_model is not null as has_card
    from rate_key k
    left join rate_span s
        on s.seller = k.seller and s.model = k.span_model and s.tier = k.tier and s.org = k.org_key
        and s.team = k.team_key and s.region = k.region_key
        and k.start_at >= s.valid_from and k.start_at < s.valid_until
        and k.input_tokens >= s.context_from and k.input_tokens < s.context_until
        and case when s.zone is null then true
            else minute_of_week(k.start_at, s.zone) >= s.week_from and minute_of_week(k.start_at, s.zone) < s.week_until
            end
),
