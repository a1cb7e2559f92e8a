-- One row per rate and card as the cards say now; of a rate that no card says any more, as they said last.
with latest as (
    select rate_id, max(known_until) as known_until from rate_stand group by rate_id
)
select
    r.seller, r.model, s.strings, r.region, r.currency, r.valid_from, s.valid_until,
    [r.input, r.cache_read, r.cache_write_5m, r.cache_write_1h, r.cache_write, r.output, r.input_image, r.input_audio,
        r.input_video, r.output_audio, r.output_image, r.web_search, r.request] as pico,
    s.source, s.checked, s.confidence, s.note, s.card, s.precedence, r.digest, s.entry,
    r.context_from, r.context_until, r.window_name, r.zone, r.week, r.tier, r.cell_region, r.org, r.team, r.correction,
    s.list_precedence, s.promotion, s.corrects, s.sightings,
    s.known_until = timestamp '9999-12-31' as active
from rate_stand s
join latest l on l.rate_id = s.rate_id and l.known_until = s.known_until
join rate r on r.rate_id = s.rate_id
order by r.model, r.seller, r.valid_from, s.precedence desc, r.rate_id;
