-- The files of a load as lists, in order: where each begins, how its lines are numbered, its number in the manifest.
set variable load_starts = (select list(first_line order by number) from part);
set variable load_shifts = (select list(shift order by number) from part);
set variable load_files = (select list(file_id order by number) from part);
