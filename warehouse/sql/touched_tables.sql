-- Scratch tables of a load: the hours, days and tasks it touched, one row each; the models, of a fill.
create or replace temp table touched_hour (hour_at timestamp);
create or replace temp table touched_day (day date);
create or replace temp table touched_task (task varchar, first_at timestamp, last_at timestamp);
create or replace temp table touched_line (line varchar, first_at timestamp, last_at timestamp);
create or replace temp table touched_model (seller varchar, model varchar);
