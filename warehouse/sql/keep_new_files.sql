-- One row per new file of the load, in the manifest, and one per line of theirs that could not be read.
insert into ingest_file by name select * from new_file;
insert into reject
select p.file_id, problem.line - p.shift, reason, text
from problem
asof join part p on problem.line >= p.first_line
where p.file_id in (select file_id from new_file);
