-- One row per task, seller, model, rate, costing and context bucket, for the touched tasks.
insert into task_rate by name
select
    task, seller, model, rate_id, costing, currency, context_bucket, team, cost_reported_currency,
    sum(columns('^sum_(.*)$')) as '\1'
from usage_cell
where start_at >= $from and start_at <= $until and task in (select task from touched_task) and true
group by all
-- In time order: what is replaced later lies together, and little of the file is written anew.
order by min(start_at);
