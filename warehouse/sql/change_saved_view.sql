-- Says anew what one saved view, one row, is called and shows.
update saved_view
set name = $name, document = $document, changed_at = cast($now as timestamp), changed_by = $who
where saved_view_id = $number;
