-- One row per bin that holds a task of this currency: how many of the edges its cost reaches, and its tasks.
select len(list_filter($edges, lambda edge: edge <= cost)) as bin, count(*)
from task_in_scope
where is_known and currency = $currency and cost > 0
group by bin
order by bin;
