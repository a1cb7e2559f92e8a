-- One row per batch row that the warehouse already holds: whether the batch's is fuller, and the rate that stays.
create or replace temp table repeat as
select
    b.place, b.record_key,
    (b.fullness, tie_of(b)) > (u.fullness, tie_of(u)) as is_fuller,
    case when u.seller = b.seller and coalesce(u.model_served, u.model_requested)
        = coalesce(b.model_served, b.model_requested) then u.rate_id end as kept_rate_id
from known_key k
join batch b on b.place = k.place
join usage u on u.record_key = b.record_key
where u.start_at between $known_from and $known_until;
