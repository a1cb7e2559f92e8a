-- What happened to the traffic, as people marked it.

-- One row per event; without a seller, model and team it is about all traffic. `state` is confirmed or dismissed: a
-- dismissed one is a proposal that a person said no to. What was removed keeps its number.
create table event (
    event_id integer not null, kind varchar not null, first_day date not null, last_day date, seller varchar,
    model varchar, team varchar, note varchar, state varchar not null, entered_at timestamp not null,
    removed_at timestamp,
);
