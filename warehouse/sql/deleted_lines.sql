-- One row per deletion and line of a closed month: what the calls that went had come to.
select deletion_id, month, seller, model, team, project, currency, counts from deleted_line order by all;
