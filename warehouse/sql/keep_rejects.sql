-- One row per line that could not be read; those a grown file reads again take the place of the old ones.
delete from reject where file_id = $file_id and line in (select line from problem)
    or file_id = $file_id and line > (select complete_lines from ingest_file where file_id = $file_id);
insert into reject select $file_id, line, reason, text from problem;
