-- One row per task of which something is known beside its calls: how it ended, its kind, which piece of work it is.
create or replace temp table said_outcome as select * from given_rows;
