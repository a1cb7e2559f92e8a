-- One row per reason for which lines of the file could not be read.
select reason, count(*), min(line)
from problem
group by reason
order by count(*) desc, min(line);
