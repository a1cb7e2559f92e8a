-- One truth value per staged line: its usage is complete and agrees with itself, its call went well, its time is known.
start_at is not null
and prompt is not null
and completion is not null
and (model_served is not null)
and coalesce(http_status between 200 and 299, true)
and coalesce(total = prompt + completion, true)
and coalesce(reasoning <= completion, true)
and coalesce(cache_read, 0) + coalesce(cache_write, 0) + coalesce(input_audio, 0) + coalesce(input_image, 0)
    + coalesce(input_video, 0) <= prompt
and coalesce(output_audio, 0) + coalesce(output_image, 0) <= completion
and coalesce(cache_read = cache_read_other, true)
and coalesce(cache_read + cache_miss = prompt, true)
and not contains(coalesce(object, ''), 'chunk')
and usage_foreign is null
and error_text is null
and coalesce(ended, true)
