-- One row per closing and frozen line.
select
    closing_id, about, kind, seller, model, team, project, charge, currency, counts
from month_close_line
order by closing_id;
