"""Feeds: stable extracts for other systems, each with a description of its columns.

A feed's name, columns and their meaning are a promise. What changes one so that a reader of it would notice is a new
version, which the description says.
"""
