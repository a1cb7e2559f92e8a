"""The procurement report: built once, as a document that every renderer understands."""

from datetime import datetime

from reports.asked import Asked
from reports.document import Document, Fact
from reports.forward import Forward, forward_facts, forward_sections
from reports.past import Past
from reports.sections.spend import spend_section
from reports.sections.summary import summary_section

TITLE = "What LLM traffic cost"


def build(asked: Asked, past: Past, forward: Forward, made_at: datetime) -> Document:
    """The whole report, in the order in which it is read: what happened, what may come, and on what it all rests."""
    return Document(
        title=TITLE,
        subtitle=_subtitle(asked),
        about=_about(past),
        made_at=made_at,
        summary=summary_section(asked, past, forward_facts(forward)),
        sections=(spend_section(asked, past), *forward_sections(asked, forward)),
        models=past.models,
        banner=_banner(past),
    )


def _subtitle(asked: Asked) -> str:
    """Period, scope and currency in words."""
    only = [f"{name} {' or '.join(wanted)}" for name, wanted in asked.scope.values]
    scope = f"only {', '.join(only)}" if only else "all traffic"
    currency = f"shown in {asked.currency}" if asked.currency else "in the currencies that were billed"
    return f"{asked.name} ({asked.first} to {asked.last}), {scope}, {currency}"


def _about(past: Past) -> tuple[Fact, ...]:
    return (Fact("Data through", past.grounds.coverage.data_through), Fact("Days are in", past.zone))


def _banner(past: Past) -> str:
    demo = past.demo
    if not demo.demo_files:
        return ""
    return "Demo data, made up" if not demo.other_files else "Demo calls, made up, are among these figures"
