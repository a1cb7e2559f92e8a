"""``tollbook report``: documents that people sign, as files."""

import typer

report = typer.Typer()
