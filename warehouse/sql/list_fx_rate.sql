-- One row per day and pair of currencies that a person entered, by day.
select day, base, quote, rate, source from fx_rate order by day, base, quote;
