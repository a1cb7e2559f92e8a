-- Gives calls that had no price the rate that was found: in place, once, with who did it.
update usage
set rate_id = f.rate_id, costing = f.how, currency = f.currency, unpriced_reason = f.why_unpriced
from fill f
where usage.rowid = f.place;
-- Few calls are doubtful: an update rewrites whole stretches of the columns that it names.
update usage
set review = f.review, cost_read = f.cost_read, cost_low = f.cost_low, cost_high = f.cost_high
from fill f
where usage.rowid = f.place and f.review is not null;
insert into rerate_fill by name
select
    cast($now as timestamp) as filled_at, $who as who, $scope as scope, f.seller, f.model, f.rate_id, count(*) as requests,
    min(f.start_at) as first_at, max(f.start_at) as last_at, f.currency, sum(cast(f.cost as decimal(38, 0))) as cost
from fill f
where f.how <> 'unknown' and f.counted
group by f.seller, f.model, f.rate_id, f.currency;
insert into touched_hour
select distinct start_at - (local_of(start_at, $zone) - date_trunc('hour', local_of(start_at, $zone)))
from fill
where counted;
insert into touched_model select distinct seller, model from fill where counted;
insert into touched_task
select task, min(start_at), max(start_at) from fill where task is not null and counted group by task;
