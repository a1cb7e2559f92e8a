-- Adds the rates that this warehouse has not known; those that only a re-rate knows are not active, and no load finds
-- them.
insert into rate by name
select
    cast((select coalesce(max(rate_id), 0) from rate) + row_number() over (order by place) as integer) as rate_id,
    digest, seller, model, region, currency, valid_from, valid_until, cast($now as timestamp) as recorded_at,
    input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image, input_audio,
    input_video, output_audio, output_image, web_search, request,
    source, checked, confidence, note, card, precedence, cast($active as boolean) as active,
    context_from, context_until, window_name, zone, week, tier, cell_region, org, team, correction
from card_rate
where is_first and digest not in (select digest from rate);
