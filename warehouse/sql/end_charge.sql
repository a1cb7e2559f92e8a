-- Gives one charge, one row, its last day.
update charge set last_day = $last where charge_id = $number;
