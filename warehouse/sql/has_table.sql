-- One row when the database has the table, else none.
select 1 from duckdb_tables() where table_name = $table;
