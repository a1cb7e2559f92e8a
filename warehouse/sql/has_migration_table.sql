-- One row when the database has a table of applied migrations, else none.
select 1 from information_schema.tables where table_name = 'migration';
