-- Lays out which calls each rate of a re-rate prices, as `rate_span` and `rate_scope` do for loads.
create or replace temp table run_span as
select s.* exclude (digest), r.rate_id
from given_rows s
join run_rate r on r.digest = s.digest;
create or replace temp table run_scope as
select distinct seller, 'org' as kind, org as name from run_span where org <> ''
union all
select distinct seller, 'team', team from run_span where team <> ''
union all
select distinct seller, 'region', region from run_span where region <> '';
