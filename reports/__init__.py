"""Reports: what a period cost and why, as documents that people sign and files that finance systems read.

A report is built once, as a document of typed cells (``reports.document``); renderers turn the same document into PDF,
a workbook and a page of one file. Bytes come out: no browser, no network.
"""
