-- One row per rate, exact model string, organisation, team and stretch of time in which the rate prices some calls.
select distinct r.digest, s.model, s.valid_from, s.valid_until, s.org, s.team
from rate_span s
join rate r on r.rate_id = s.rate_id
order by r.digest, s.model, s.valid_from, s.org, s.team;
