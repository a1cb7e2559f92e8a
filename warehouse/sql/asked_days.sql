-- One row per report, grouping and day of a source's sums: when it was asked for last.
select report, grouped_by, day, asked_at from sum_asked where source = $source order by report, grouped_by, day;
