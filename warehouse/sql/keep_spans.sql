-- Lays out anew which calls each rate prices, and which organisations, teams and regions rates name.
delete from rate_span;
insert into rate_span by name
select s.* exclude (digest), r.rate_id
from given_rows s
join rate r on r.digest = s.digest;
delete from rate_scope;
insert into rate_scope
select distinct seller, 'org', org from rate_span where org <> ''
union all
select distinct seller, 'team', team from rate_span where team <> ''
union all
select distinct seller, 'region', region from rate_span where region <> '';
