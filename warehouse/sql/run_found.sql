-- One row per cell of a re-rate: the one rate that prices all of its calls, or that it has to be read call by call.
create or replace temp table run_found as
with bucket (context_bucket, least, until) as (
    values (0, 0, 32001), (1, 32001, 100001), (2, 100001, 128001), (3, 128001, 200001), (4, 200001, 256001),
        (5, 256001, 272001), (6, 272001, 512001), (7, 512001, 9223372036854775807)
),
call as (
    select c.* exclude (tier, model), c.model as model_served, null as model_requested, c.hour_at as start_at,
        c.tier as service_tier, false as batch
    from run_cell c
),
-- include: rate_key
span as (
    select
        k.place, s.rate_id,
        s.valid_from <= k.hour_at and s.valid_until >= k.hour_at + interval 1 hour
            and s.context_from <= b.least and s.context_until >= b.until
            and case when s.zone is null then true
                else minute_of_week(k.hour_at, s.zone) >= s.week_from
                    and minute_of_week(k.hour_at + interval 59 minutes, s.zone) < s.week_until
                    and minute_of_week(k.hour_at + interval 59 minutes, s.zone)
                        = minute_of_week(k.hour_at, s.zone) + 59 end as is_whole
    from rate_key k
    join bucket b on b.context_bucket = k.context_bucket
    join run_span s
        on s.seller = k.seller and s.model = k.span_model and s.tier = k.tier and s.org = k.org_key
        and s.team = k.team_key and s.region = k.region_key
        and s.valid_from < k.hour_at + interval 1 hour and s.valid_until > k.hour_at
        and s.context_from < b.until and s.context_until > b.least
        -- An hour in which a clock is put forward or back may hold any minute: it is read call by call.
        and case when s.zone is null then true
            when minute_of_week(k.hour_at + interval 59 minutes, s.zone) <> minute_of_week(k.hour_at, s.zone) + 59
                then true
            else s.week_from <= minute_of_week(k.hour_at, s.zone) + 59 and s.week_until > minute_of_week(k.hour_at, s.zone)
            end
),
found as (
    select place, count(*) as spans, bool_and(is_whole) as is_whole, any_value(rate_id) as rate_id
    from span
    group by place
)
select
    k.place, f.rate_id as new_rate_id, f.place is null as has_none,
    k.span_model is not null and k.tier <> 'standard' as has_other_tiers,
    coalesce($row_by_row or f.spans > 1 or not f.is_whole or (f.place is not null and k.negative > 0)
        or f.place is not null and ((coalesce(k.input, 0) > 0 and r.input is null)
            or (coalesce(k.cache_read, 0) > 0 and r.cache_read is null)
            or (coalesce(k.cache_write_5m, 0) > 0 and r.cache_write_5m is null)
            or (coalesce(k.cache_write_1h, 0) > 0 and r.cache_write_1h is null)
            or (coalesce(k.cache_write, 0) > 0 and r.cache_write is null)
            or (coalesce(k.output, 0) > 0 and r.output is null)
            or (coalesce(k.input_image, 0) > 0 and r.input_image is null)
            or (coalesce(k.input_audio, 0) > 0 and r.input_audio is null)
            or (coalesce(k.input_video, 0) > 0 and r.input_video is null)
            or (coalesce(k.output_audio, 0) > 0 and r.output_audio is null)
            or (coalesce(k.output_image, 0) > 0 and r.output_image is null)
            or (coalesce(k.web_search, 0) > 0 and r.web_search is null)), false) as is_cut
from rate_key k
left join found f on f.place = k.place
left join run_rate r on r.rate_id = f.rate_id;
