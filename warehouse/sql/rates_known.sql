-- One row per rate and card as this warehouse knew them at a moment.
select
    r.seller, r.model, s.strings, r.region, r.currency, r.valid_from, s.valid_until,
    [r.input, r.cache_read, r.cache_write_5m, r.cache_write_1h, r.cache_write, r.output, r.input_image, r.input_audio,
        r.input_video, r.output_audio, r.output_image, r.web_search, r.request] as pico,
    s.source, s.checked, s.confidence, s.note, s.card, s.precedence, r.digest, s.entry,
    r.context_from, r.context_until, r.window_name, r.zone, r.week, r.tier, r.cell_region, r.org, r.team, r.correction,
    s.list_precedence, s.promotion, s.corrects, s.sightings
from rate_stand s
join rate r on r.rate_id = s.rate_id
where s.known_from <= $at and s.known_until > $at
order by r.seller, r.model, r.valid_from, s.precedence desc, r.rate_id;
