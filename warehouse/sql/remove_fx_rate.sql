-- Takes every row of one pair of currencies out.
delete from fx_rate where base = $base and quote = $quote;
