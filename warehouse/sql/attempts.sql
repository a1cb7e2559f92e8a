-- One row per seller, region and base URL of attempts in scope: how many, and tries that a log counts and does not hold.
select
    seller, region, base_url, count(*) as attempts, count(*) filter (error_category is not null) as failures,
    cast(coalesce(sum(retry_count) filter (attempt is null), 0) as bigint) as retries_unseen,
    count(*) filter (attempt is null and retry_count > 0) as calls_retried_unseen
from usage_row
where true
group by all
order by attempts desc, seller nulls last, region nulls last, base_url nulls last;
