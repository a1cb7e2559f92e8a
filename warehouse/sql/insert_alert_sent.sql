-- Keeps one alert as told, one row.
insert into alert_sent by name
select
    $kind as kind, $subject as subject, $what as what, cast($period as date) as period,
    cast($now as timestamp) as told_at;
