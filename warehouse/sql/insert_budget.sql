-- Adds one version, one row, of a budget.
insert into budget by name
select
    $number as budget_id, $version as version, $name as name, $form as form, $what as what, $who as who,
    cast($now as timestamp) as changed_at;
