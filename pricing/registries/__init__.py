"""Prices as public registries quote them: read, never fetched, and never applied unseen.

Each reader turns one registry's shape into the same neutral ``Quote``. What it cannot say exactly it leaves out, with a
reason: an unknown figure stays absent and never becomes 0.
"""
