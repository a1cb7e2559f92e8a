"""Looks back: what was unusual, and why. Pure: tables in, values out."""
