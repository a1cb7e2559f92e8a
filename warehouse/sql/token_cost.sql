-- One amount: what the tokens and units in `c` cost at the rates in `r`, in pico-units.
amount(cast(c.input as hugeint), r.input) + amount(cast(c.cache_read as hugeint), r.cache_read)
+ amount(cast(c.cache_write_5m as hugeint), r.cache_write_5m) + amount(cast(c.cache_write_1h as hugeint), r.cache_write_1h)
+ amount(cast(c.cache_write as hugeint), r.cache_write) + amount(cast(c.output as hugeint), r.output)
+ amount(cast(c.input_image as hugeint), r.input_image) + amount(cast(c.input_audio as hugeint), r.input_audio)
+ amount(cast(c.input_video as hugeint), r.input_video) + amount(cast(c.output_audio as hugeint), r.output_audio)
+ amount(cast(c.output_image as hugeint), r.output_image) + amount(cast(c.web_search as hugeint), r.web_search)
+ amount(cast(c.request as hugeint), r.request)
