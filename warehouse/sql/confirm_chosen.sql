-- Links each chosen pair; what was refused before is so no more.
delete from sighting_link
using chosen c
where (sighting_link.record_key = c.one and sighting_link.sighting_of = c.other)
    or (sighting_link.record_key = c.other and sighting_link.sighting_of = c.one);
insert into sighting_link select other, one, 'person', $now from chosen;
