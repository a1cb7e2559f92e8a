-- One row per record in an eligible pair whose key begins as given: at most two.
select distinct name
from (select one as name from eligible union select other from eligible)
where starts_with(name, $key)
limit 2;
