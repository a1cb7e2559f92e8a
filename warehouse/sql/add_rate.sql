-- Adds one rate that this warehouse has not known.
insert into rate by name
select
    cast($rate_id as integer) as rate_id, $digest as digest, $seller as seller, $model as model, $region as region,
    $currency as currency, $valid_from as valid_from, $valid_until as valid_until, $now as recorded_at,
    $input as input, $cache_read as cache_read, $cache_write_5m as cache_write_5m, $cache_write_1h as cache_write_1h,
    $cache_write as cache_write, $output as output, $input_image as input_image, $input_audio as input_audio,
    $input_video as input_video, $output_audio as output_audio, $output_image as output_image,
    $web_search as web_search, $request as request, $source as source, $checked as checked,
    $confidence as confidence, $note as note, $card as card, $precedence as precedence, true as active;
