"""What vendors and others say of the models in this traffic: labelled, apart from measurements, an input of nothing."""

from decimal import Decimal

from reports.document import Block, Cell, Column, Section, Table, Words, count_column
from reports.document import text_column as text
from reports.evidence import source_cell
from reports.forward_parts import ClaimBeside, Claims, Measured

TITLE = "Claims of vendors"
COLUMNS = (
    text("Model", "The model that the claim is about."),
    text("About", "What was counted, under which conditions."),
    text("Claimed", "Somebody's figure with its unit, as its source gives it."),
    text("Compared with", "What the claim compares with, and that one's figure."),
    text("Harness", "On what it was run."),
    text("By", "Who says so."),
    text("Whose word", "Whether anybody else came to the same."),
    Column("Of", "day", "The day on which the claim stood so."),
    Column("Source", "link", "Where it is written."),
)
BESIDE_COLUMNS = (
    text("Model", "The model that the claim is about."),
    text("About", "What was counted."),
    text("Claimed", "The claimed figure with its unit: somebody's word."),
    text("Measured here", "Our own figure in the same unit; a dash where nothing here measures it."),
    text("95% interval", "Where our figure may lie; a dash where the measurement has no interval."),
    count_column("Sample", "How many tasks, streams or calls it is made from."),
    text("Of what", "What the sample is made of."),
    text("Status", "Unverified, consistent with our measurement, or contradicted by it."),
    text("Why", "Why it can be said, or cannot."),
)


def claims_section(found: Claims) -> Section:
    """The claims as they stand, and what was measured here beside each."""
    blocks: list[Block] = []
    if found.beside:
        blocks = [Words((found.label,), "claim"), _claims(found), _measurements(found)]
    if found.others:
        blocks.append(Words((f"{found.others:,} more claims are about models without a call in this report.",)))
    lead = "What is claimed of the models in this report: somebody's word, and no input of any figure in it."
    none = "No rate card has a claim about a model of this report."
    return Section("claims", TITLE, lead if found.beside else none, tuple(blocks))


def _claims(found: Claims) -> Table:
    notes = [f"{each.claim.model}, {each.claim.about}: {each.claim.note}" for each in found.beside if each.claim.note]
    return Table(
        "claims",
        "What is claimed",
        COLUMNS,
        tuple(_row(each) for each in found.beside),
        notes=tuple(dict.fromkeys(notes)),
    )


def _row(each: ClaimBeside) -> tuple[Cell, ...]:
    claim = each.claim
    return (
        claim.model,
        f"{claim.about} ({claim.conditions})" if claim.conditions else claim.about,
        f"{claim.text} {claim.unit}",
        claim.comparator.text if claim.comparator else None,
        claim.harness or "not said",
        claim.by,
        claim.status,
        claim.date,
        source_cell(claim.source),
    )


def _measurements(found: Claims) -> Table:
    return Table(
        "claims_measured",
        "What was measured here",
        BESIDE_COLUMNS,
        tuple(_measured_row(each) for each in found.beside),
        notes=("Measured over all calls in the warehouse, whatever the period of the report.",),
    )


def _measured_row(each: ClaimBeside) -> tuple[Cell, ...]:
    claim, own = each.claim, each.own
    decisive = [gap.says for gap in each.differences if gap.is_decisive and gap.says not in each.verdict.why]
    why = "; ".join((each.verdict.why, *decisive, *((each.relation,) if each.relation else ())))
    return (
        claim.model,
        claim.about,
        f"{claim.text} {claim.unit}",
        *_own(own),
        each.verdict.status,
        why,
    )


def _own(own: Measured | None) -> tuple[Cell, ...]:
    if own is None or own.found.estimate is None:
        return None, None, None, None
    low, high = own.found.low, own.found.high
    interval = None if low is None or high is None else f"{_figure(low)} to {_figure(high)}"
    days = f"{own.of}s of {own.first_at:%Y-%m-%d} to {own.last_at:%Y-%m-%d}"
    return f"{own.what}: {_figure(own.found.estimate)}", interval, own.sample, days


def _figure(value: float) -> str:
    """Three digits that count, of whatever size."""
    return f"{Decimal(f'{value:.3g}'):,f}"
