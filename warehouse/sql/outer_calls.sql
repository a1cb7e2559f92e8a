-- One row per record of the load that is no call of its own: a span, or a call that ran another one inside of it and
-- repeats its usage. Calls of one kind alone repeat one another: an embedding made inside a chat is its own.
create or replace temp table outer_call as
with recursive inside (key_text, inside_text, object, granularity, has_usage, place) as (
    select
        key_text, inside_text, coalesce(object, ''), coalesce(granularity, 'request'),
        prompt is not null or completion is not null, -1 - rowid
    from reread
),
above (key_text, object) as (
    select inside_text, object
    from inside
    where granularity <> 'span' and has_usage and inside_text <> key_text
    union
    select i.inside_text, a.object
    from above a
    join inside i on i.key_text = a.key_text
    where i.inside_text is not null
)
select i.place
from inside i
where i.granularity = 'span' or exists (
    select 1 from above a where a.key_text = i.key_text and a.object = i.object);
