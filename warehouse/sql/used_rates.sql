-- One row per rate of an own card that has priced something, with its calls, its entry, and the list entries of its model.
with used as (
    select rate_id, sum(requests) as calls from usage_day where rate_id is not null group by rate_id
),
stated as (
    select rate_id, min(list_precedence) as list_precedence, list(distinct entry) as entries
    from rate_stand
    group by rate_id
),
listed as (
    select r.seller, r.model, list(distinct s.entry) as list_entries
    from rate_stand s
    join rate r on r.rate_id = s.rate_id
    where s.precedence < $own
    group by r.seller, r.model
)
select
    r.digest, r.card, r.seller, r.model, r.region, r.valid_from, u.calls,
    coalesce(s.list_precedence < $own, false) as is_off_a_list, s.entries, l.list_entries
from used u
join rate r on r.rate_id = u.rate_id
left join stated s on s.rate_id = u.rate_id
left join listed l on l.seller = r.seller and l.model = r.model
where r.precedence >= $own
order by r.card, r.seller, r.model, r.valid_from;
