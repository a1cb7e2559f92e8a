-- One row per source of which sums over days are kept: how many.
select source, count(*)
from usage
where granularity = 'bucket'
group by source
order by source;
