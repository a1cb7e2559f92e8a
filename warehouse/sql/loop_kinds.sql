-- One row per kind of call in the batch: who was asked and who answered, and whether one rate names both models.
select
    kind, any_value(seller) as seller, any_value(base_url), any_value(upstream_provider), any_value(operation),
    any_value(model_requested), any_value(model_served), any_value(role), any_value(granularity),
    any_value(currency), any_value(reasoning_effort), any_value(provider_asked),
    exists (
        select 1
        from rate_span a join rate_span b using (seller, rate_id)
        where a.seller = any_value(loop_call.seller) and a.model = any_value(loop_call.model_requested)
            and b.model = any_value(loop_call.model_served)
    )
from loop_call
group by kind
order by kind;
