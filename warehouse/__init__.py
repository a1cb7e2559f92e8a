"""Everything that says SQL: the two databases, their locks, migrations and typed queries."""
