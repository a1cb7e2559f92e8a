-- One row per shape of usage (the names of its fields) among the plain lines: the first line of it.
select min(rowid), usage_shape from stage where plain and usage_shape is not null group by usage_shape;
