-- One row per verdict on an answer, newest first, with the call that it is about where that is known.
select
    e.judged_at, e.name, e.score, e.label, e.response_id, e.trace_id, e.span_id, e.source, f.path,
    u.record_key, coalesce(u.model_served, u.model_requested) as model, u.task, u.currency, u.cost
from evaluation e
join ingest_file f using (file_id)
left join usage_priced u
    on u.counted and u.granularity = 'request'
    and case
        when e.response_id is not null then u.response_id = e.response_id
        else u.trace_id = e.trace_id and u.span_id = e.span_id
    end
order by e.judged_at desc nulls last, e.name, e.evaluation_key, u.record_key
limit $top;
