-- One row per bucket of a seller's own sums; `is_taken` where it does not say once more what another one says.
with bucket as (
    select
        source, seller, coalesce(model_served, model_requested) as model, key_alias, start_at,
        cast(start_at as date) as day,
        coalesce(tags['report'], '') as report, coalesce(tags['grouped_by'], '') as grouped_by,
        coalesce(tags['pulled'] = 'yes', false) as is_pulled,
        case tags['width'] when '1m' then 1 when '1h' then 2 when '1d' then 3 else 0 end as width,
        request, input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) as input,
        cache_read, output + coalesce(output_audio, 0) + coalesce(output_image, 0) as output,
        cost_reported as cost, cost_reported_currency as currency
    from usage
    where granularity = 'bucket' and ($source is null or source = $source)
        and ($since is null or start_at >= $since) and ($until is null or start_at < $until)
),
ranked as (
    select
        *,
        list_has_any(string_split(grouped_by, ','), ['model', 'line_item', 'description']) as by_model,
        width = max(width) over (partition by source, seller, report, day) as is_widest
    from bucket
),
chosen as (
    select
        *,
        is_widest and dense_rank() over (
            partition by source, seller, report, width, start_at
            -- What was pulled follows the seller's newest answer; what was loaded by hand stays as it was.
            order by is_pulled desc, by_model desc, len(grouped_by) desc, grouped_by) = 1 as is_taken
    from ranked
),
