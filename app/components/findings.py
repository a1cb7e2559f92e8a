"""What a check-up found, one by one: what it says, what to do, what to copy, and where in the app it is put right."""

import re
from collections.abc import Sequence

import streamlit as st

from app.components.formats import literal, plural
from app.components.sections import nothing, section
from app.doctor import Finding, Page
from app.figures import sentence

PLACES: dict[Page, tuple[str, str]] = {
    "imports": ("Imports", "views/imports.py"),
    "rates": ("Rates", "views/rates.py"),
    "effort": ("Effort", "views/effort.py"),
    "tasks": ("Tasks", "views/tasks.py"),
    "reconciliation": ("Reconciliation", "views/reconciliation.py"),
}
"""The pages that show what a finding is about."""
SECTIONS = {"tasks": {"section": "Output"}}
"""What of a page to open."""


CODE = re.compile(r"`([^`]+)`|(https?://[^\s,;()`]*[^\s,;().:`])")
"""What is to be typed, and addresses, which are no links: they are out of logs."""


def show_findings(title: str, findings: Sequence[Finding], none: str) -> None:
    """Show findings of one urgency under their title."""
    if not findings:
        nothing(title, none)
        return
    with section(title, plural(len(findings), "finding")):
        for finding in findings:
            _show(finding)


def _show(finding: Finding) -> None:
    """What was found, what to do, and where: side by side, one below the other on a phone."""
    what, then, where = st.columns((6, 5, 2), gap="small")
    what.markdown(f"**{marked(sentence(finding.check))}**  \n{marked(sentence(finding.says))}.")
    if finding.cases:
        what.caption("\n".join(f"- {marked(case)}" for case in finding.cases))
    then.markdown(f":small[{marked(sentence(finding.fix))}.]")
    if finding.page:
        label, path = PLACES[finding.page]
        where.page_link(path, label=label, icon=":material/open_in_new:", query_params=SECTIONS.get(finding.page))
    if finding.lines:
        with st.expander("Lines to copy", icon=":material/content_copy:"):
            st.code(finding.lines.rstrip("\n"), language=None)


def marked(text: str) -> str:
    """A finding's text for Markdown: what is in backticks and addresses as code, the rest as nothing but text."""
    pieces, at = [], 0
    for match in CODE.finditer(text):
        pieces += [literal(text[at : match.start()]), f"`{match[1] or match[2]}`"]
        at = match.end()
    return "".join([*pieces, literal(text[at:])])
