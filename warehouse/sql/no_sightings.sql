-- No rows: no other source has been loaded.
create or replace temp table sighting (place bigint, sighting_of varchar);
