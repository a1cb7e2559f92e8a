-- Takes the records in `doomed` out, one row each, with the verdicts on them and what is linked to them.
delete from sighting_link
where record_key in (select record_key from doomed) or sighting_of in (select record_key from doomed);
delete from evaluation where evaluation_key in (select evaluation_key from doomed_verdict);
delete from unknown_usage where record_key in (select record_key from doomed);
delete from rerate_row where record_key in (select record_key from doomed);
delete from counter_sample where $hashes is null and read_at < $until;
delete from usage where record_key in (select record_key from doomed);
drop table doomed_call;
