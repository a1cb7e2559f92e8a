-- One row per charge that was not removed, in the order of their numbers.
select
    charge_id, name, kind, cast(pico as varchar) as pico, currency, quantity, unit_price, period, first_day, last_day,
    org, team, project, seller, note, source
from charge
where removed_at is null
order by charge_id;
