-- One row per sum of a re-rate and basis: the cells that it is about, each seller named with the basis before it.
create or replace temp table run_cell as
select s.* replace (s.place * $bases + basis as place, concat(basis, ':', s.seller) as seller)
from run_sum s
cross join range($bases) bases (basis);
