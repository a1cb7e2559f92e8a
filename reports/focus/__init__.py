"""The FOCUS export: what was billed, as rows that every tool for cloud cost can read (FOCUS 1.2)."""
