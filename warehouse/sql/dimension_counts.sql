-- One row: how many values each dimension of usage_day_detail has.
select count(*)
from usage_day_detail;
