-- One row per value that a filter offers, in order of name.
select dimension, value
from dimension_value
where dimension in ('seller', 'model', 'team', 'project', 'environment', 'application')
    or (starts_with(dimension, 'tag:') and value <> '')
union all
select distinct 'key_alias', key_alias
from usage_day_detail
where key_alias is not null
order by dimension, value;
