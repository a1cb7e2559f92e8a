-- One row: the moment from which on this warehouse knows rates.
select min(known_from) from rate_stand;
