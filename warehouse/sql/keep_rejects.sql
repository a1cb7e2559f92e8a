-- One row per line that could not be read. Of a grown file, what is read again takes the place of what was; of a
-- file read once more, everything does.
delete from reject
where file_id = $file_id
    and (not $adds or line > (select complete_lines from ingest_file where file_id = $file_id));
insert into reject
select $file_id, line - $shift, reason, text from problem where line >= $first_line and ($ends is null or line < $ends);
