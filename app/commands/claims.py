"""``tollbook claims``: what vendors and others say of models, labelled as that, beside what was measured here."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.figures import days_since, instant, things
from app.present import present_without_reader
from app.session import Session, UserMistake, plain_table, print_json, print_table, session_of
from pricing.money import format_pico

if TYPE_CHECKING:
    from app.claim_evidence import Measurement
    from app.claimed import Beside
    from pricing.claims import Claim


def claims(
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A model string, or part of one.")] = None,
    same_setup: Annotated[
        str | None,
        typer.Option(metavar="WHY", help="Take our set-up for the claim's, for this reason: it is said in the answer."),
    ] = None,
    differences: Annotated[bool, typer.Option("--differences", help="How each set-up differs from ours.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """What vendors and others claim of models, each beside our own measurement.

    A claim is unverified, consistent with what was measured here, or
    contradicted by it. Nothing is priced, forecast or budgeted from one.
    """
    from app.claimed import LABEL, all_claims

    session = session_of(context)
    every = all_claims(session.warehouse)
    wanted = [(card, claim) for card, claim in every if model is None or model in claim.model]
    if not wanted:
        names = ", ".join(sorted({claim.model for _, claim in every})) or "none"
        raise UserMistake(f"no rate card has a claim about {model or 'anything'}; there are claims about {names}")
    found = _beside(session, wanted, same_setup)
    now = present_without_reader(session)
    if as_json:
        print_json({"label": LABEL, "rows": [as_object(each, now) for each in found]})
        return
    _print(found, now, differences)


def _beside(session: Session, wanted: Any, same_setup: str | None) -> "list[Beside]":
    from app.claimed import Bench, beside, unmeasured
    from warehouse.connection import open_reader
    from warehouse.demo import demo_state
    from warehouse.errors import WarehouseMissing
    from warehouse.eval_runs import list_eval_runs
    from warehouse.outcomes import outcomes_of

    try:
        outcomes = outcomes_of(session.warehouse, tell=session.tell)
        runs = list_eval_runs(session.warehouse, tell=session.tell)
        with open_reader(session.warehouse, tell=session.tell) as reader:
            is_demo = bool(demo_state(reader).demo_files)
            return beside(Bench(reader, outcomes, is_demo, same_setup, runs), wanted)
    except WarehouseMissing:
        return unmeasured(wanted)


def _print(found: "list[Beside]", now: datetime, differences: bool) -> None:
    from app.claimed import LABEL

    table = plain_table()
    for name in ("model", "about"):
        table.add_column(name, overflow="fold")
    table.add_column("claimed", justify="right", no_wrap=True)
    for name in ("unit", "measured here", "status", "compared with", "harness", "by", "whose word", "of", "age"):
        table.add_column(name, overflow="fold")
    notes: list[str] = []
    for each in found:
        claim = each.claim
        compared = claim.comparator.text if claim.comparator else "–"
        age = things(days_since(claim.date, now), "day")
        about = f"{claim.about} ({claim.conditions})" if claim.conditions else claim.about
        said = [compared, claim.harness or "not said", claim.by, claim.status, str(claim.date), age]
        table.add_row(claim.model, about, claim.text, claim.unit, measured_text(each.own), each.verdict.status, *said)
        notes += about_claim(each, differences)
    sources = dict.fromkeys(source_text(each.claim) for each in found)
    print_table(table, LABEL, *notes, *sources, spare=("harness", "by", "age", "of"))


def source_text(claim: "Claim") -> str:
    """Who says it, of what day, where it is written, and what else to know."""
    return f"{claim.by}, {claim.date}: {claim.source}" + (f". {claim.note}" if claim.note else "")


def about_claim(each: "Beside", differences: bool) -> list[str]:
    """What was measured beside a claim, and why it says no more; nothing where nothing was measured."""
    if each.own is None:
        return []
    claim = each.claim
    near = f"; {each.relation}" if each.relation else ""
    head = f"{claim.model}, {claim.about} ({claim.text} {claim.unit})"
    lines = [f"{head}: {each.verdict.status}, {each.verdict.why}{near}."]
    lines += [f"  {part.what}: {measured_text(part)}" for part in each.also]
    if claim.comparator and each.comparator:
        lines.append(f"  {claim.comparator.model} here: {measured_text(each.comparator)}")
    lines += [f"  left out: {things(number, each.own.of)} {why}" for number, why in each.own.left_out]
    if differences:
        lines += [f"  {'decisive' if gap.is_decisive else 'other'} difference: {gap.says}" for gap in each.differences]
    return lines


def measured_text(own: "Measurement | None") -> str:
    """``0.46 (0.41 to 0.52; 95%), 233 tasks``; a dash where nothing was measured."""
    if own is None or own.found.estimate is None:
        return "–"
    sample = things(own.sample, own.of)
    if own.found.low is None or own.found.high is None:
        return f"{own.figure(own.found.estimate)} (no interval), {sample}"
    low, high = own.figure(own.found.low), own.figure(own.found.high)
    return f"{own.figure(own.found.estimate)} (95%: {low} to {high}), {sample}"


def as_object(each: "Beside", now: datetime) -> dict[str, Any]:
    """One claim as JSON has it: ``status`` is what can be said here, ``label`` whose word it is."""
    claim = each.claim.model_dump(mode="json")
    return {
        **claim,
        "label": claim["status"],
        "status": each.verdict.status,
        "why": each.verdict.why,
        "relation": each.relation,
        "measured": _measured(each.own),
        "comparator_measured": _measured(each.comparator),
        "also": [_measured(part) for part in each.also],
        "differences": [gap._asdict() for gap in each.differences],
        "age_days": days_since(each.claim.date, now),
        "seller": each.seller,
        "card": each.card,
    }


def _measured(own: "Measurement | None") -> dict[str, Any] | None:
    if own is None:
        return None
    return {
        "what": own.what,
        "estimate": own.found.estimate if own.exact is None else format_pico(own.exact),
        "low": own.found.low,
        "high": own.found.high,
        "level": 0.95,
        "sample": own.sample,
        "of": own.of,
        "why": own.found.why,
        "left_out": [{"tasks": number, "why": why} for number, why in own.left_out],
        "first_at": instant(own.first_at),
        "last_at": instant(own.last_at),
    }
