-- One column per meter: the tokens and units of calls that are charged, or would be if there were a rate.
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then input end as charged_input,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then cache_read end as charged_cache_read,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then cache_write_5m end as charged_cache_write_5m,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then cache_write_1h end as charged_cache_write_1h,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then cache_write end as charged_cache_write,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then output end as charged_output,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then input_image end as charged_input_image,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then input_audio end as charged_input_audio,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then input_video end as charged_input_video,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then output_audio end as charged_output_audio,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then output_image end as charged_output_image,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then web_search end as charged_web_search,
        case when costing = 'rated' or costing = 'unknown' and unpriced_reason like 'no %rate' then request end as charged_request
