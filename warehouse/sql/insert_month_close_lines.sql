-- Adds the lines of one closing, a row each: the arguments are lists of the lines' columns.
insert into month_close_line
select
    $closing_id, unnest(cast($about as date[])), unnest(cast($kind as varchar[])), unnest(cast($seller as varchar[])),
    unnest(cast($model as varchar[])), unnest(cast($team as varchar[])), unnest(cast($project as varchar[])),
    unnest(cast($charge as varchar[])), unnest(cast($currency as varchar[])),
    map(unnest(cast($names as varchar[][])), unnest(cast($counts as decimal(38, 0)[][])));
