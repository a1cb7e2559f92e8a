-- One row per call: when it began, on the billing zone's clock.
local_of(start_at, (select value from meta where name = 'billing_zone'))
