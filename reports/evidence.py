"""Where a figure is written, as a cell: an address that can be looked up, or words that can not."""

from reports.document import Link


def source_cell(source: str) -> Link | str:
    """A link where the source is an address, else its text."""
    return Link(source) if source.startswith(("https://", "http://")) else source
