-- One row: how many sums of the load are left out, since a newer answer about their day, report and grouping is there,
-- or one whose time is known while theirs is not. A time to come was taken from a clock that was wrong: it beats none
-- that may be true.
create or replace temp table outdated_sum as
select k.place, b.record_key
from batch_key k
join batch b on b.place = k.place
join sum_asked s
    on s.source = b.source and s.report = coalesce(b.tags['report'], '') and s.day = cast(b.start_at as date)
    and s.grouped_by = coalesce(b.tags['grouped_by'], '')
left join asked_found a
    on a.report = s.report and a.grouped_by = s.grouped_by and a.day = s.day and b.tags['pulled'] = 'yes'
where k.is_sum and (a.asked_at is null or a.asked_at < s.asked_at and not (s.asked_at > $now and a.asked_at <= $now));
delete from batch_key where place in (select place from outdated_sum);
delete from asked_found a
where exists (
    select 1 from sum_asked s
    where s.source = getvariable('load_source') and s.report = a.report and s.grouped_by = a.grouped_by
        and s.day = a.day and s.asked_at > a.asked_at and not (s.asked_at > $now and a.asked_at <= $now));
insert into asked_effect select count(distinct record_key), 0, 0 from outdated_sum;
