"""Reads usage logs: one module per source, a registry, loading, and the lines that could not be read."""
