"""A report as one HTML file: nothing is fetched, nothing runs, and it prints well."""

from reports.page.render import render

__all__ = ["render"]
