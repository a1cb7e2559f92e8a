-- One row per stored sum of a day that was asked for anew, and that the new answer does not have any more: it goes.
create or replace temp table vanished_sum as
select u.record_key
from usage u
join asked_found a
    on a.report = coalesce(u.tags['report'], '') and a.grouped_by = coalesce(u.tags['grouped_by'], '')
    and a.day = cast(u.start_at as date)
where u.granularity = 'bucket' and u.source = getvariable('load_source')
    and u.start_at >= (select min(day) from asked_found) and u.start_at < (select max(day) + interval 1 day from asked_found)
    and u.record_key not in (select record_key from batch_key);
delete from usage
where granularity = 'bucket' and source = getvariable('load_source')
    and start_at >= (select min(day) from asked_found) and start_at < (select max(day) + interval 1 day from asked_found)
    and record_key in (select record_key from vanished_sum);
update asked_effect set removed = (select count(*) from vanished_sum);
