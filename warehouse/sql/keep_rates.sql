-- Brings the known rates up to date in what may change: their ends, their cards, when and where they were checked.
update rate set active = false where active and digest not in (select digest from card_rate);
update rate
set valid_until = c.valid_until, card = c.card, precedence = c.precedence, checked = c.checked, source = c.source,
    note = c.note, confidence = c.confidence, active = true
from card_rate c
where c.is_first and c.digest = rate.digest;
