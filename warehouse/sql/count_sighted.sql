-- One row: how many calls were seen more than once, and in how many rows that are not counted.
select count(distinct sighting_of), count(*) from usage where not counted and sighting_of is not null;
