"""The report as a PDF that people sign: A4, tagged, for archives, the same bytes from the same document.

The document goes to the setter as data, never as its source text: a name may hold anything. No font but ours is read.
"""

import json
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from reports.document import Document

if TYPE_CHECKING:
    from typst import PDFStandard

STANDARDS: "list[PDFStandard]" = ["a-2a", "ua-1"]
"""For archives, and for readers who do not see: with the structure tagged, and text that can be told and copied."""
_TEMPLATE = Path(__file__).parent / "report.typ"


def render(document: Document) -> bytes:
    """The PDF."""
    (pdf,) = _compiled(document, "pdf")
    return pdf


def render_png(document: Document, *, ppi: int) -> list[bytes]:
    """Its pages as pictures, for a preview."""
    return _compiled(document, "png", ppi)


def _compiled(document: Document, form: Literal["pdf", "png"], ppi: int | None = None) -> list[bytes]:
    import typst

    from reports.pdf.content import content_of
    from reports.typeface import FOLDER

    content = content_of(document)
    # Its type stubs know only of one file, not of several by name.
    parts: Any = {
        "main.typ": _TEMPLATE.read_bytes(),
        "report.json": json.dumps(content.data, ensure_ascii=False).encode(),
        **content.pictures,
    }
    compiler = typst.Compiler(parts, font_paths=[str(FOLDER)], ignore_system_fonts=True)
    made = int(document.made_at.replace(tzinfo=UTC).timestamp())
    standards = STANDARDS if form == "pdf" else []
    pages = compiler.compile(format=form, ppi=ppi, timestamp=made, pdf_standards=standards)
    return pages if isinstance(pages, list) else [pages or b""]
