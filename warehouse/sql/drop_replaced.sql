-- Takes out the stored rows that a fuller one replaces, and from the batch what is already there.
delete from usage
where start_at between $known_from and $known_until and record_key in (select record_key from repeat where is_fuller);
delete from batch_key where place in (select place from repeat where not is_fuller);
