-- One row per seller asked for and dated rule of which statuses it charges.
select
    seller, valid_from, valid_until, source,
    list(http_status order by http_status) filter (charged) as charged,
    list(http_status order by http_status) filter (not charged) as not_charged
from status_rule
where list_contains($sellers, seller)
group by seller, valid_from, valid_until, source
order by seller, valid_from;
