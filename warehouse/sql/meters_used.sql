-- One number: which meters the counts in `c` use, a bit each in the order of the meters; fees are none.
(coalesce(c.input, 0) > 0)::integer + 2 * (coalesce(c.cache_read, 0) > 0)::integer
+ 4 * (coalesce(c.cache_write_5m, 0) > 0)::integer + 8 * (coalesce(c.cache_write_1h, 0) > 0)::integer
+ 16 * (coalesce(c.cache_write, 0) > 0)::integer + 32 * (coalesce(c.output, 0) > 0)::integer
+ 64 * (coalesce(c.input_image, 0) > 0)::integer + 128 * (coalesce(c.input_audio, 0) > 0)::integer
+ 256 * (coalesce(c.input_video, 0) > 0)::integer + 512 * (coalesce(c.output_audio, 0) > 0)::integer
+ 1024 * (coalesce(c.output_image, 0) > 0)::integer + 2048 * (coalesce(c.web_search, 0) > 0)::integer
