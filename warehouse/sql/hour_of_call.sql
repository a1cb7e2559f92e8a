-- One row per call: when the hour of the billing zone's clock in which it began does, in UTC.
start_at - (
-- include: hour_on_clock
    - date_trunc('hour',
-- include: hour_on_clock
    )
)
