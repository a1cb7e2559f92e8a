"""What a receiver may write down of what is sent to it: the fields that the readers read, and nothing beside them."""
