"""``tollbook report``: documents that people sign, as files."""

import typer

report = typer.Typer(help="Reports as files: what was spent, on what, at which rates, and what may come.")
