-- One row per basis under which some sum has to be read call by call.
select distinct cast(place % $bases as integer) from run_found where is_cut;
