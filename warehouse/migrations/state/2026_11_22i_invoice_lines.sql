-- Lines of an invoice as a seller's file has them: by key, of a kind, and told apart so that a file counts once.

-- `kind` is usage, tax, credit, fee or byok; none is usage. `label` is what the line says of itself. `digest` tells an
-- imported line from all others: of its content, and its place among equal lines of one file. `demo` marks made-up lines.
alter table invoice add column kind varchar;
alter table invoice add column key varchar;
alter table invoice add column label varchar;
alter table invoice add column digest varchar;
alter table invoice add column demo boolean;
