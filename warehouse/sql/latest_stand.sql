-- One row: the latest moment at which what is known of rates changed.
select max(greatest(known_from, case when known_until < timestamp '9999-12-31' then known_until end)) from rate_stand;
