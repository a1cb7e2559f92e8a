"""What a call costs: usage arithmetic, rate cards and cost. Pure: no database, no clock, no screen."""
