-- Takes each chosen pair's link back; where the rule would make it again, it is told not to.
delete from sighting_link
using chosen c
where sighting_link.record_key = c.other and sighting_link.sighting_of = c.one;
insert into sighting_link select other, one, 'refused', $now from chosen where $refuse;
