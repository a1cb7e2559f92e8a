-- One row per rate of every card, as compiled now; `is_first` on the one that goes before others of the same digest.
create or replace temp table card_rate as
select * from given_rows;
