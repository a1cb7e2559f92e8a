-- One row: the bytes of a database's file, and those of its free blocks.
select total_blocks * block_size, free_blocks * block_size from pragma_database_size() where database_name = $name;
