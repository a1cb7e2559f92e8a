-- One row: how many counted calls there are in scope.
select count(*)
from usage_row
where true;
