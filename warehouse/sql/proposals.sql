-- One row per two records that seem to be one call: of different sources, with equal seller, model and tokens, at most
-- a second apart, and with no other such call of either source near.
with counting as (
    select
        record_key, source, seller, start_at,
        -- One log names the model, the other its dated version.
        regexp_replace(coalesce(model_served, model_requested), '[-@]20\d\d-?\d\d-?\d\d$', '') as model,
        input + coalesce(cache_read, 0) + coalesce(cache_write_5m, 0) + coalesce(cache_write_1h, 0)
        + coalesce(cache_write, 0) + coalesce(input_image, 0) + coalesce(input_audio, 0) + coalesce(input_video, 0)
            as tokens_in,
        output + coalesce(output_audio, 0) + coalesce(output_image, 0) as tokens_out
    from usage
    where counted and granularity in ('request', 'iteration') and seller is not null
        and start_at between $from and $until
),
-- A pair has a row of another source than the largest: of that one nearly everything is left out before it is sorted.
lesser as (
    select distinct seller, model, tokens_in, tokens_out
    from counting
    where source <> (select mode(source) from usage where counted)
),
-- Whoever sees the same first, last and number of calls within a second sees the same calls.
watched as (
    select
        *, count(*) over near as calls, min(start_at) over near as first_at, max(start_at) over near as last_at
    from counting
    semi join lesser using (seller, model, tokens_in, tokens_out)
    where model is not null and tokens_in + tokens_out > 0
    window near as (
        partition by seller, model, tokens_in, tokens_out order by start_at
        range between interval 1 second preceding and interval 1 second following)
),
gathered as (
    select list({'source': source, 'record_key': record_key} order by source, record_key) as members, first_at, last_at
    from watched
    where calls > 1
    group by seller, model, tokens_in, tokens_out, first_at, last_at
    having count(*) = max(calls) and count(*) = count(distinct source)
),
member as (
    select members[1].record_key as one, first_at, last_at, unnest(members, recursive := true) from gathered
),
-- A call that a source has seen already is not seen by it once more.
seen_by as (
    select one, record_key, source from member
    union
    select m.one, m.record_key, u.source
    from member m
    join usage u on u.sighting_of = m.record_key
    where not u.counted
),
torn as (
    select one from seen_by group by one having count(*) > count(distinct source)
)
select one, record_key as other, first_at, last_at
from member
where record_key <> one and one not in (select one from torn)
order by first_at desc, one, other;
