"""What vendors and others say of the models in this traffic: labelled, apart from measurements, an input of nothing."""

from decimal import Decimal

from reports.document import Block, Cell, Column, Section, Table, Words, count_column
from reports.document import text_column as text
from reports.evidence import source_cell
from reports.forward_parts import ClaimBeside, Claims, Measured

TITLE = "Claims of vendors"
NUMBER = text("No.", "The number of the claim in this section.")
COLUMNS = (
    NUMBER,
    text("Model", "The model that the claim is about."),
    text("About", "What was counted, under which conditions."),
    text("Claimed", "Somebody's figure with its unit, as its source gives it."),
    text("Compared with", "What the claim compares with, and that one's figure."),
    text("Harness", "On what it was run."),
)
SOURCE_COLUMNS = (
    NUMBER,
    text("By", "Who says so."),
    text("Whose word", "Whether anybody else came to the same."),
    Column("Of", "day", "The day on which the claim stood so."),
    Column("Source", "link", "Where it is written."),
)
BESIDE_COLUMNS = (
    NUMBER,
    text("Claimed", "The claimed figure with its unit: somebody's word."),
    text("Measured here", "Our own figure in the same unit; a dash where nothing here measures it."),
    text("95% interval", "Where our figure may lie; a dash where the measurement has no interval."),
    count_column("Sample", "How many tasks, streams or calls it is made from."),
    text("Of what", "What the sample is made of."),
    text("Status", "Unverified, consistent with our measurement, or contradicted by it."),
)
WHY_COLUMNS = (NUMBER, text("Why", "Why the status is what it is."))


def claims_section(found: Claims) -> Section:
    """The claims as they stand, and what was measured here beside each."""
    blocks: list[Block] = []
    if found.beside:
        blocks = [Words((found.label,), "claim"), _claims(found), _sources(found), _measurements(found), _whys(found)]
    if found.others:
        blocks.append(Words((f"{found.others:,} more claims are about models without a call in this report.",)))
    lead = "What is claimed of the models in this report: somebody's word, and no input of any figure in it."
    none = "No rate card has a claim about a model of this report."
    return Section("claims", TITLE, lead if found.beside else none, tuple(blocks))


def _claims(found: Claims) -> Table:
    notes = [f"C{number}: {each.claim.note}" for number, each in enumerate(found.beside, 1) if each.claim.note]
    rows = tuple((f"C{number}", *_row(each)) for number, each in enumerate(found.beside, 1))
    return Table("claims", "What is claimed", COLUMNS, rows, notes=tuple(notes))


def _row(each: ClaimBeside) -> tuple[Cell, ...]:
    claim = each.claim
    return (
        claim.model,
        f"{claim.about} ({claim.conditions})" if claim.conditions else claim.about,
        f"{claim.text} {claim.unit}",
        claim.comparator.text if claim.comparator else None,
        claim.harness or "not said",
    )


def _sources(found: Claims) -> Table:
    rows = tuple(
        (f"C{number}", each.claim.by, each.claim.status, each.claim.date, source_cell(each.claim.source))
        for number, each in enumerate(found.beside, 1)
    )
    return Table("claims_sources", "Who claims it, and where", SOURCE_COLUMNS, rows)


def _measurements(found: Claims) -> Table:
    rows = tuple(
        (f"C{number}", f"{each.claim.text} {each.claim.unit}", *_own(each.own), each.verdict.status)
        for number, each in enumerate(found.beside, 1)
    )
    notes = ("Measured over all calls in the warehouse, whatever the period of the report.",)
    return Table("claims_measured", "What was measured here", BESIDE_COLUMNS, rows, notes=notes)


def _whys(found: Claims) -> Table:
    rows = tuple((f"C{number}", _why(each)) for number, each in enumerate(found.beside, 1))
    return Table("claims_why", "Why they are verified, or are not", WHY_COLUMNS, rows)


def _why(each: ClaimBeside) -> str:
    decisive = [gap.says for gap in each.differences if gap.is_decisive and gap.says not in each.verdict.why]
    return "; ".join((each.verdict.why, *decisive, *((each.relation,) if each.relation else ())))


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
