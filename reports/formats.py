"""The files of a document: each format by its ending, made from the same cells."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reports.document import Document

if TYPE_CHECKING:
    from reports.workings import Workings

FORMATS = ("pdf", "xlsx", "html")
PREVIEW = "png"
"""Its pages as pictures, one file each: for looking at, not for signing."""
PREVIEW_PPI = 90


def render_files(
    document: Document, stem: str, forms: Sequence[str], workings: "Workings | None" = None
) -> Iterator[tuple[str, bytes]]:
    """Each file's name and content, made one after another; the workbook's totals are alive with workings alone."""
    for form in forms:
        if form == PREVIEW:
            from reports.pdf import render_png

            pages = render_png(document, ppi=PREVIEW_PPI)
            yield from ((f"{stem}-{number:02}.png", page) for number, page in enumerate(pages, start=1))
        else:
            yield f"{stem}.{form}", _render(document, form, workings)


def _render(document: Document, form: str, workings: "Workings | None") -> bytes:
    # Each is imported where it is asked for: one format does not wait for what another needs.
    if form == "pdf":
        from reports import pdf

        return pdf.render(document)
    if form == "xlsx":
        from reports import workbook

        return workbook.render(document, workings)
    from reports import page

    return page.render(document)
