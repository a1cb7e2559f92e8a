-- Ends what no card says any more, and begins what they say from now on: one row per rate and card.
create or replace temp table standing as
select
    r.rate_id, c.entry, c.card, c.precedence, c.list_precedence, c.valid_until, c.strings, c.source, c.checked, c.confidence,
    c.note, c.promotion, c.corrects, c.sightings
from card_rate c
join rate r on r.digest = c.digest;
create or replace temp table new_stand as
select distinct entry, card, precedence, list_precedence, valid_until, strings, source, checked, confidence, note, promotion,
    corrects, sightings, rate_id from standing
except
select entry, card, precedence, list_precedence, valid_until, strings, source, checked, confidence, note, promotion,
    corrects, sightings, rate_id from rate_stand where known_until = timestamp '9999-12-31';
create or replace temp table old_stand as
select entry, card, precedence, list_precedence, valid_until, strings, source, checked, confidence, note, promotion,
    corrects, sightings, rate_id from rate_stand where known_until = timestamp '9999-12-31'
except
select entry, card, precedence, list_precedence, valid_until, strings, source, checked, confidence, note, promotion,
    corrects, sightings, rate_id from standing;
update rate_stand set known_until = cast($now as timestamp)
from old_stand o
where rate_stand.known_until = timestamp '9999-12-31' and rate_stand.rate_id = o.rate_id and rate_stand.card = o.card
    and rate_stand.precedence = o.precedence and rate_stand.list_precedence = o.list_precedence;
delete from rate_stand where known_until <= known_from;
insert into rate_stand by name
select *, cast($now as timestamp) as known_from, timestamp '9999-12-31' as known_until from new_stand;
