-- One row per file of the load that holds records: how many, repeats of one another among them.
create or replace temp table held_record as
select p.number, count(*) as records
from batch_key k
asof join part p on k.line >= p.first_line
group by p.number;
