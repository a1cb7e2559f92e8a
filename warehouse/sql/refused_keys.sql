-- One row per seller, base URL and key (or who called) that was refused in scope: how often, and whether it went well later.
with call as (
    select
        seller, base_url, coalesce(key_alias, application, team) as caller, start_at,
        error_category is not distinct from 'auth' as is_refused, error_category is null as is_answered
    from usage_row
    where seller is not null and true
)
select
    seller, base_url, caller, count(*) filter (is_refused) as refused, count(*) as attempts,
    max(start_at) filter (is_refused) as last_refused, max(start_at) filter (is_answered) as last_answered
from call
group by seller, base_url, caller
having refused > 0
order by refused desc, seller, base_url nulls last, caller nulls last;
