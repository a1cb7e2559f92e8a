"""The procurement report: built once, as a document that every renderer understands."""

from collections.abc import Sequence
from datetime import datetime

from reports.asked import Asked
from reports.document import Document, Fact, Section, Share
from reports.forward import Forward, forward_facts, forward_sections
from reports.past import Past
from reports.sections.books import books_section, lead_of
from reports.sections.cells import money_text, shown_cell, shown_total, things
from reports.sections.change import change_section
from reports.sections.charges import charges_section
from reports.sections.closed import closed_facts, closed_words, rates_note
from reports.sections.coverage import coverage_section
from reports.sections.method import method_section
from reports.sections.rates import is_stale, rates_section
from reports.sections.spend import spend_section
from reports.sections.summary import summary_section
from reports.sections.tasks import tasks_section
from reports.sections.terms import terms_section

TITLE = "What LLM traffic cost"
CLAIMS = "claims"
TO_SIGN = ("Name", "Date", "Signature")


def build(asked: Asked, past: Past, forward: Forward, made_at: datetime) -> Document:
    """The whole report, in the order in which it is read: what happened, what may come, and on what it all rests."""
    return Document(
        title=TITLE,
        subtitle=_subtitle(asked),
        about=_about(asked, past),
        made_at=made_at,
        summary=summary_section(asked, past, forward_facts(forward)),
        sections=_sections(asked, past, forward_sections(asked, forward)),
        models=past.models,
        banner=_banner(past),
        to_sign=TO_SIGN,
        beside_totals=tuple(closed_words(past)),
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


def _about(asked: Asked, past: Past) -> tuple[Fact, ...]:
    """What stands on the cover, where it is signed: the totals, what they rest on, and whether they may still move."""
    grounds = past.grounds
    return (
        *_totals(past),
        Fact("Cost known", Share(grounds.coverage.share), _unknown(past)),
        Fact("Rates", things(len(grounds.used.rates), "rate"), _unchecked(past)),
        Fact("Data through", grounds.coverage.data_through, "the newest call that is loaded"),
        Fact("Days begin at midnight in", past.zone),
        Fact("Books", lead_of(past)),
        *closed_facts(asked, past),
        Fact("Usage digest", grounds.used.digest),
        Fact("Rates digest", grounds.used.rates_digest, rates_note(past)),
    )


def _totals(past: Past) -> list[Fact]:
    """What calls cost, and recurring charges apart from it."""
    billed = _sums([(each.cost, each.currency) for each in past.spend.totals if each.currency])
    later = any(month.books and month.closing and month.books.later for month in past.months)
    known = ", all calls known now" if later else ""
    facts = [Fact("Calls cost", billed or "nothing known", f"as priced{known}")]
    if past.into and (together := shown_total(past.spend.totals, past.into)):
        facts = [Fact("Calls cost", shown_cell(together, past.into), f"for display; as priced {billed}{known}")]
    if past.charges.totals:
        charged = _sums([(row.cost, row.currency) for row in past.charges.totals])
        facts.append(Fact("Recurring charges", charged, "in no figure of calls"))
    return facts


def _sums(amounts: Sequence[tuple[int | None, str | None]]) -> str:
    """Several totals in a line: those of several currencies are never one."""
    return " and ".join(money_text(pico, currency) for pico, currency in amounts)


def _unknown(past: Past) -> str:
    """Of how many calls nobody here knows the cost."""
    found = past.grounds.headline
    said = f"of the calls; that of {things(found.unknown - found.elsewhere, 'call')} is not known"
    return f"{said}, {found.elsewhere:,} more are on another bill" if found.elsewhere else said


def _unchecked(past: Past) -> str:
    """On whose word the prices are, and how many nobody looked at of late."""
    grounds = past.grounds
    stale = sum(is_stale(each, past.now, grounds.stale_days) for each in grounds.used.rates)
    return f"{stale} of them not checked for more than {grounds.stale_days} days" if stale else "all checked of late"


def _banner(past: Past) -> str:
    demo = past.demo
    if not demo.demo_files:
        return ""
    return "Demo data, made up" if not demo.other_files else "Demo calls, made up, are among these figures"
