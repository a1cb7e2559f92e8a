-- One row per batch row that the warehouse already holds: whether the batch's is fuller, and the rate that stays.
-- A rate that the call was given stays where the fuller row is still one of its calls: of its size and tier.
create or replace temp table repeat as
with held as (
    select
        b.place, b.record_key, u.rate_id,
        -- Of a sum the last pull is true: a day that is over grows no more, but is put right.
        case
            when b.granularity = 'bucket'
                then (b.fullness, tie_of(b), b.request) is distinct from (u.fullness, tie_of(u), u.request)
            when b.fullness <> u.fullness then b.fullness > u.fullness
            else tie_of(b) > tie_of(u)
        end as is_fuller,
        u.seller = b.seller
            and coalesce(u.model_served, u.model_requested) = coalesce(b.model_served, b.model_requested) as is_same,
        tier_of(b.service_tier, b.batch) as tier,
        coalesce(b.input, 0) + coalesce(b.cache_read, 0) + coalesce(b.cache_write_5m, 0) + coalesce(b.cache_write_1h, 0)
            + coalesce(b.cache_write, 0) + coalesce(b.input_image, 0) + coalesce(b.input_audio, 0)
            + coalesce(b.input_video, 0) as input_tokens
    from known_key k
    join batch b on b.place = k.place
    join usage u on u.record_key = b.record_key
    where u.start_at between $known_from and $known_until
)
select
    h.place, h.record_key, h.is_fuller,
    case when h.is_same and r.tier = h.tier and h.input_tokens >= r.context_from and h.input_tokens < r.context_until
        then h.rate_id end as kept_rate_id
from held h
left join rate r on r.rate_id = h.rate_id;
