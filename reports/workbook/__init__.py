"""The workbook of a report: every figure of the document, and totals that move when a rate is changed."""

from reports.workbook.book import render

__all__ = ["render"]
