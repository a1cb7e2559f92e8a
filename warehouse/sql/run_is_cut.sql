-- One row: whether some cell of a re-rate has to be read call by call.
select coalesce(bool_or(is_cut), false) from run_found;
