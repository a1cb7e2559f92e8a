-- One row per record that goes with those in `doomed`: sightings and parts of the same calls; of a user also attempts.
insert into doomed
with goes as (
    select record_key, sighting_of, case when $hashes is not null or granularity = 'iteration' then parent_key end as part_of
    from usage
    where record_key in (select record_key from doomed)
)
select record_key
from usage
where record_key not in (select record_key from doomed)
    and (sighting_of in (select record_key from doomed)
        or parent_key in (select record_key from doomed) and (granularity = 'iteration' or $hashes is not null)
        or record_key in (select sighting_of from goes where sighting_of is not null)
        or record_key in (select part_of from goes where part_of is not null))
returning 1;
