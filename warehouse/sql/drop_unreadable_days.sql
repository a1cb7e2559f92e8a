-- One row per day and report of which a page could not be read as a whole: what is missing there may not have gone.
create or replace temp table unreadable_day as
select distinct report, grouped_by, day from asked_found where line in (select line from problem);
delete from asked_found a
where exists (
    select 1 from unreadable_day u where u.report = a.report and u.grouped_by = a.grouped_by and u.day = a.day);
update asked_effect set unreadable = (select count(*) from unreadable_day);
