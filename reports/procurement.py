"""The procurement report: built once, as a document that every renderer understands."""

from collections.abc import Sequence
from datetime import datetime

from reports.asked import Asked
from reports.document import Document, Fact, Section, Share
from reports.forward import Forward, forward_facts, forward_sections
from reports.past import Past
from reports.sections.books import books_section, lead_of
from reports.sections.change import change_section
from reports.sections.charges import charges_section
from reports.sections.coverage import coverage_section
from reports.sections.method import method_section
from reports.sections.rates import rates_section
from reports.sections.spend import spend_section
from reports.sections.summary import summary_section
from reports.sections.tasks import tasks_section
from reports.sections.terms import terms_section

TITLE = "What LLM traffic cost"
CLAIMS = "claims"


def build(asked: Asked, past: Past, forward: Forward, made_at: datetime) -> Document:
    """The whole report, in the order in which it is read: what happened, what may come, and on what it all rests."""
    return Document(
        title=TITLE,
        subtitle=_subtitle(asked),
        about=_about(past),
        made_at=made_at,
        summary=summary_section(asked, past, forward_facts(forward)),
        sections=_sections(asked, past, forward_sections(asked, forward)),
        models=past.models,
        banner=_banner(past),
    )


def _sections(asked: Asked, past: Past, ahead: Sequence[Section]) -> tuple[Section, ...]:
    """Claims come after the measurements and the rates: they are nobody's input."""
    claims = [section for section in ahead if section.key == CLAIMS]
    return (
        spend_section(asked, past),
        change_section(past),
        charges_section(past),
        tasks_section(past),
        *(section for section in ahead if section.key != CLAIMS),
        rates_section(past),
        coverage_section(past),
        books_section(past),
        *claims,
        terms_section(past),
        method_section(asked, past),
    )


def _subtitle(asked: Asked) -> str:
    """Period, scope and currency in words."""
    only = [f"{name} {' or '.join(wanted)}" for name, wanted in asked.scope.values]
    scope = f"only {', '.join(only)}" if only else "all traffic"
    currency = f"shown in {asked.currency}" if asked.currency else "in the currencies that were billed"
    return f"{asked.name} ({asked.first} to {asked.last}), {scope}, {currency}"


def _about(past: Past) -> tuple[Fact, ...]:
    """What stands on the cover: through when, on what ground, and whether it may still move."""
    grounds = past.grounds
    return (
        Fact("Data through", grounds.coverage.data_through, "the newest call that is loaded"),
        Fact("Days begin at midnight in", past.zone),
        Fact("Cost known", Share(grounds.coverage.share), "of the calls"),
        Fact("Books", lead_of(past)),
        Fact("Usage digest", grounds.used.digest),
        Fact("Rates digest", grounds.used.rates_digest),
    )


def _banner(past: Past) -> str:
    demo = past.demo
    if not demo.demo_files:
        return ""
    return "Demo data, made up" if not demo.other_files else "Demo calls, made up, are among these figures"
