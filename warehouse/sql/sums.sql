-- One row per source of sums, seller, model and day (UTC): what its buckets or counters say, and what the counted calls
-- of the same seller, model and day say. A sum of all models is held against all of the seller's calls of the day.
-- `aside` counts the buckets that say once more, by the hour or otherwise grouped, what those that are taken say.
-- include: chosen_buckets
said as (
    select
        source, seller, model, model is null and not by_model and report <> '' as all_models, day, request, input,
        cache_read, output, cost, currency, report = 'costs' as is_cost
    from chosen
    where is_taken
    union all by name
    select
        source, seller, model_served as model, false as all_models, cast(start_at as date) as day, request,
        input + coalesce(cache_read, 0) as input, cache_read, output, false as is_cost
    from counter_delta
    where ($source is null or source = $source)
        and ($since is null or start_at >= $since) and ($until is null or start_at < $until)
),
told as (
    select
        source, seller, model, all_models, day,
        case when count(distinct currency) = 1 then max(currency) end as currency,
        -- What one of them does not say, their sum does not say either.
        case when not bool_or(not is_cost and request is null) then sum(request) end as requests,
        sum(input) as input, sum(cache_read) as cache_read, sum(output) as output,
        case when count(distinct currency) = 1 then sum(cast(cost as decimal(38, 0))) end as cost
    from said
    group by source, seller, model, all_models, day
),
call as (
    select
        seller, coalesce(model_served, model_requested) as model, cast(start_at as date) as day, request,
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
            + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0)
            + coalesce(input_video, 0) as input,
        cache_read, output + coalesce(output_audio, 0) + coalesce(output_image, 0) as output, cost, currency,
        costing = 'unknown' as is_unpriced, input is null and error_category is null as lacks_usage
    from usage_priced
    where counted and granularity in ('request', 'iteration')
        and start_at >= (select min(day) from told) and start_at < (select max(day) + interval 1 day from told)
)
select
    t.source, t.seller, t.model, t.all_models, t.day,
    t.requests, t.input, t.cache_read, t.output, t.cost, t.currency,
    coalesce(sum(c.request), 0), coalesce(sum(c.input), 0), coalesce(sum(c.cache_read), 0), coalesce(sum(c.output), 0),
    case
        when count(distinct c.currency) = 1 then sum(cast(c.cost as decimal(38, 0)))
        when count(c.day) = 0 and t.currency is not null then 0
    end,
    case when count(distinct c.currency) = 1 then max(c.currency) when count(c.day) = 0 then t.currency end,
    count(*) filter (c.is_unpriced), count(*) filter (c.lacks_usage),
    (select count(*) from chosen where not is_taken) as aside
from told t
left join call c
    on c.day = t.day and c.seller is not distinct from t.seller
    and (t.all_models or c.model is not distinct from t.model)
group by
    t.source, t.seller, t.model, t.all_models, t.day, t.requests, t.input, t.cache_read, t.output, t.cost, t.currency
order by t.day, t.source, t.seller, t.model nulls first;
