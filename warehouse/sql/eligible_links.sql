-- One row per pair that a person can undo.
create or replace temp table eligible as
select sighting_of as one, record_key as other from sighting_link where kind <> 'refused';
