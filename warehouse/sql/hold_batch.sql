-- One row per record of a small load: its batch as a table, made once before the databases are held.
alter view batch rename to batch_view;
create temp table batch as from batch_view;
