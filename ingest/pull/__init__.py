"""Sellers' own APIs, asked: what each answers, page by page, kept as a file and loaded as any file is."""
