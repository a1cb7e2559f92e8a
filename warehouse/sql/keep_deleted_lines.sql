-- One row per line of a closed month that a deletion made smaller: the arguments are lists of the lines' columns.
insert into deleted_line
select
    $number, unnest(cast($month as date[])), unnest(cast($seller as varchar[])), unnest(cast($model as varchar[])),
    unnest(cast($team as varchar[])), unnest(cast($project as varchar[])), unnest(cast($currency as varchar[])),
    map(unnest(cast($names as varchar[][])), unnest(cast($counts as decimal(38, 0)[][])));
