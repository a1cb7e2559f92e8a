-- One row per rate that priced calls: its digest, currency and figures.
select rate_id, digest, currency, [input, cache_read, cache_write_5m, cache_write_1h, cache_write, output, input_image,
    input_audio, input_video, output_audio, output_image, web_search, request] as pico
from rate
where list_contains($rates, rate_id);
