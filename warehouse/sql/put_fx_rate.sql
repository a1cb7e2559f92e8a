-- One row of exchange rates, in the place of the one of that day and pair if there was one.
delete from fx_rate where day = $day and base = $base and quote = $quote;
insert into fx_rate values ($day, $base, $quote, $rate, $source, $now);
