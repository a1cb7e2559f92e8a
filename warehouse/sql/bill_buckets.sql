-- One row per source, seller, model, key, day (UTC) and currency of what sellers' own reports of costs say.
-- include: chosen_buckets
amount as (
    select
        *, model is null and by_model as is_other,
        coalesce(list_contains(string_split(grouped_by, ','), 'api_key_id'), false) as by_key
    from chosen
    where is_taken and cost is not null and currency is not null and seller is not null
)
select
    source, seller, case when is_other then null else model end as of_model,
    case when by_key then key_alias end as key, day, currency,
    cast(sum(cast(cost as decimal(38, 0))) as varchar), is_other
from amount
group by all
order by day, source, seller, of_model, key;
