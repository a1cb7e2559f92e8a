"""What the past half of a report reads: each module asks one question of the warehouse and answers with values."""
