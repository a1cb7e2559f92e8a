-- Brings one known rate up to date in what may change: its end, its card, when and where it was checked.
update rate
set valid_until = $valid_until, card = $card, precedence = $precedence, checked = $checked, source = $source,
    note = $note, confidence = $confidence, active = true
where digest = $digest;
