-- One row per currency that a re-rate's calls cost after: sum and calls; those without a price have neither.
select new_currency, cast(sum(new_cost) as decimal(38, 0)), cast(sum(requests) as bigint)
from run_result
group by new_currency
order by new_currency nulls last;
