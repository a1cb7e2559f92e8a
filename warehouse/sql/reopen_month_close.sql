-- Takes one closing, one row, back.
update month_close set reopened_at = $now, reopened_by = $who, reason = $reason where closing_id = $number;
