"""``tollbook export``: files for other systems. Each command stands in a file of its own."""

import typer

export = typer.Typer()


@export.callback(invoke_without_command=True)
def export_alone(context: typer.Context) -> None:
    """Files for other systems, each with a description of its columns.

    Without a command: says which there are.
    """
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
