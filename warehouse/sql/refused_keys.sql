-- One row per seller, base URL and key (or who called) of those that were refused somewhere in scope: how often, and
-- whether it went well later.
with call as (
    select
        seller, base_url, coalesce(key_alias, application, team) as caller, key_alias is not null as is_key, start_at,
        error_category is not distinct from 'auth' as is_refused, error_category is null as is_answered
    from usage_row
    where (seller is not null or base_url is not null) and true
),
place as (
    select
        seller, base_url, caller, is_key, count(*) filter (is_refused) as refused,
        count(*) filter (is_answered) as answered, count(*) as attempts,
        max(start_at) filter (is_refused) as last_refused, max(start_at) filter (is_answered) as last_answered
    from call
    group by seller, base_url, caller, is_key
)
select *
from place
qualify sum(refused) over (partition by caller, is_key) > 0
order by refused desc, seller nulls last, base_url nulls last, caller nulls last, is_key;
