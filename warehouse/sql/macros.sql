-- Macros of a load: how full a record is, and what tells two equally full ones apart whatever their order.
create or replace temp macro fullness_of(status, input, output, cached, details) as
    case status when 'reported' then 3 when 'estimated' then 2 when 'partial' then 1 else 0 end * 100000000000000
    + (coalesce(input, 0) + coalesce(output, 0) + coalesce(cached, 0)) * 100 + details;
create or replace temp macro tie_of(start_at, seller, model_served, task, step, team, http_status, latency_ms, tags) as
    md5(concat_ws('|', start_at, seller, model_served, task, step, team, http_status, latency_ms, tags));
