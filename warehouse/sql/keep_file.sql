-- One row per loaded file, in the manifest. What a grown file brings is added to what it was; a file read once more
-- is counted once, and stays a demo file if it was one.
create or replace temp table old_file as select * from ingest_file where file_id = $file_id;
delete from ingest_file where file_id = $file_id;
insert into ingest_file by name
select
    $file_id as file_id, $path as path, $source as source, $options as options, $mtime_ns as mtime_ns,
    $file_bytes as file_bytes, $size_bytes as size_bytes, $digest as digest, $complete_bytes as complete_bytes,
    $complete_lines as complete_lines, $complete_digest as complete_digest, $lines as lines,
    $records + case when $adds then old_file.records else 0 end as records,
    $loaded + coalesce(old_file.loaded, 0) as loaded,
    $replaced + coalesce(old_file.replaced, 0) as replaced,
    $already_there + case when $adds then old_file.already_there else 0 end as already_there,
    (select count(*) from reject where file_id = $file_id) as rejected,
    $unpriced + coalesce(old_file.unpriced, 0) as unpriced,
    $needs_review + coalesce(old_file.needs_review, 0) as needs_review,
    least(cast($first_at as timestamp), old_file.first_at) as first_at,
    greatest(cast($last_at as timestamp), old_file.last_at) as last_at,
    $now as loaded_at, coalesce(old_file.demo, $demo) as demo
from (select 1) one
left join old_file on true;
