-- One row per user of the readings: 64 bits of a salted hash stand for the name.
insert into person
select name, left(sha256(concat($salt, name)), 16)
from (select "user" as name from stage where plain union select "user" from reread)
where name is not null;
