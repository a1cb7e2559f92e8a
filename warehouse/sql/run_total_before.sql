-- One row per currency that a re-rate's calls cost before: sum and calls; those without a price have neither.
select currency, cast(sum(cost) as decimal(38, 0)), cast(sum(requests) as bigint)
from run_result
group by currency
order by currency nulls last;
