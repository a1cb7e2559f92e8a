-- Lets go of what was found out of each call, one row each: it takes the room that the rollups need.
drop table gap_call;
drop table gap_stretch;
