-- One row per file of the load and reason for which lines of it could not be read.
select p.number, reason, count(*), min(line - p.shift)
from problem
asof join part p on problem.line >= p.first_line
group by p.number, reason
order by p.number, count(*) desc, min(line);
