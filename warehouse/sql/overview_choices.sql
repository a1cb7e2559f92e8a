-- One row per value that a filter offers, in order of name.
select dimension, value
from dimension_value
where dimension in ('seller', 'model', 'team')
order by dimension, value;
