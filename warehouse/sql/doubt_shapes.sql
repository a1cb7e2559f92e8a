-- Has the lines read again whose usage is of one of these shapes.
update stage set plain = false where list_contains(cast($shapes as ubigint[]), usage_shape);
