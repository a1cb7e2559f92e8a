-- One row per seller and reason for which calls in scope were charged, were not, or may have been: how many.
select seller, billable_reason, costing, cast(sum(requests) as bigint)
from usage_day_detail
where true
group by seller, billable_reason, costing
order by seller nulls last, sum(requests) desc, billable_reason, costing;
