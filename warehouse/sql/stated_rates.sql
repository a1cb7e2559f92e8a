-- One row per rate asked for, as the card that counts most says it now; of a rate that no card says any more, as said last.
with stated as (
    select
        *,
        row_number() over (
            partition by rate_id
            order by known_until desc, precedence desc, list_precedence desc, checked desc, card, entry
        ) as place
    from rate_stand
    where list_contains($ids, rate_id)
)
select
    r.rate_id, s.known_until = timestamp '9999-12-31' as active,
    r.seller, r.model, s.strings, r.region, r.currency, r.valid_from, s.valid_until,
    [r.input, r.cache_read, r.cache_write_5m, r.cache_write_1h, r.cache_write, r.output, r.input_image, r.input_audio,
        r.input_video, r.output_audio, r.output_image, r.web_search, r.request] as pico,
    s.source, s.checked, s.confidence, s.note, s.card, s.precedence, r.digest, s.entry,
    r.context_from, r.context_until, r.window_name, r.zone, r.week, r.tier, r.cell_region, r.org, r.team, r.correction,
    s.list_precedence, s.promotion, s.corrects, s.sightings
from stated s
join rate r on r.rate_id = s.rate_id
where s.place = 1
order by r.seller, r.model, r.valid_from, r.digest;
