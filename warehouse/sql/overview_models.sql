-- One row per model, in the order in which the models first appear: the order in which they take their colours.
select model
from usage_day
where model is not null
group by model
order by min(day), model;
