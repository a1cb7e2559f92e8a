"""Looks forward: what traffic and money may come to. Pure: tables in, values out."""
