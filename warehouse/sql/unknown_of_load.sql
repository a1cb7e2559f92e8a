-- One row per usage field of the load that nobody reads: in how many records.
select field, count(*)
from (select unnest(json_keys(unknown_usage)) as field from reread where unknown_usage is not null)
group by field
order by count(*) desc, field;
