-- One row per table, view, macro, type and index of a database: its kind, its name and what it is. A view is its words
-- in order: columns that are left out are a set, which is written down in any order.
select 'table' as kind, table_name as name, replace(sql, concat($name, '.'), '') as said
from duckdb_tables() where database_name = $name and not internal
union all
select 'view', view_name, array_to_string(list_sort(regexp_split_to_array(replace(sql, concat($name, '.'), ''), '[^A-Za-z0-9_]+')), ' ')
from duckdb_views() where database_name = $name and not internal
union all
select 'macro', function_name, concat(cast(parameters as varchar), replace(macro_definition, concat($name, '.'), ''))
from duckdb_functions() where database_name = $name and not internal
union all
select 'type', type_name, concat(logical_type, cast(labels as varchar)) from duckdb_types() where database_name = $name and not internal
union all
select 'index', index_name, replace(sql, concat($name, '.'), '') from duckdb_indexes() where database_name = $name
union all
select 'sequence', sequence_name, cast(last_value as varchar) from duckdb_sequences() where database_name = $name
order by all;
