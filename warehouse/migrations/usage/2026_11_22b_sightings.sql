-- Sightings of one call that share no response id.

-- One row per pair of records taken for one call: `kind` says by whom (`person`, `rule`), or `refused` to the rule.
create table sighting_link (
    record_key varchar not null, sighting_of varchar not null, kind varchar not null, confirmed_at timestamp not null,
);
