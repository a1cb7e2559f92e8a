"""The change against the period before: by how much, and why, in causes that add up to it."""

from collections.abc import Sequence
from fractions import Fraction

from reports.charts import Step, Waterfall
from reports.document import (
    Block,
    Cell,
    Fact,
    Facts,
    Money,
    Section,
    Share,
    Table,
    Words,
    money_column,
    text_column,
)
from reports.past import Past
from reports.readings.change import Cause, Change, Moved
from reports.readings.periods import Days
from reports.readings.spend import Spent
from reports.sections.cells import count_text, money_text, share_text, shown_total

CAUSES = {
    "requests": ("More or fewer calls", "Calls, repeated attempts aside, each at what a call cost before"),
    "retries": ("Repeated attempts", "Second and later attempts, each at what a call cost before"),
    "tokens per request": ("Longer or shorter calls", "Tokens per call, each at what a token cost before"),
    "cache share": ("Reading from the cache", "The part of the input that was read from a cache, at the rates before"),
    "mix": ("What was used", "Which models, and how much of it output, at the rates before"),
    "price": ("Rates", "The same tokens at the rates before and at those of the period"),
}
MOST_MOVED = 12
_SHORT = "the data begins on {}: the period before is not all there"
COLUMNS = (
    text_column("Cause", "What the cost of calls is made of: so many calls, so many tokens each, at such rates."),
    money_column("Difference", "What it adds to the cost of the period before; the causes add up to the difference."),
    text_column("Before", "Its size in the period before."),
    text_column("In the period", "Its size in the period of this report."),
    text_column(
        "How it is reckoned", "Each cause in its turn takes its new value; those above it have theirs already."
    ),
)
MOVED_COLUMNS = (
    text_column("What", "Model, team or seller: three cuts of the same difference, not to be added up."),
    text_column("Name", "Its name in the logs."),
    money_column("Before", "What its calls cost in the period before."),
    money_column("In the period", "What its calls cost in the period of this report."),
    money_column("Difference", "The second less the first."),
)


def change_section(past: Past) -> Section:
    """What moved since the period before."""
    between = past.compared
    title, short = "Change against the period before", "Change"
    if not between.spent:
        return Section("change", title, "There are no calls in this period to compare.", (), short)
    if not between.spent_before:
        lead = f"There were no calls in the period before, {_days(between.before)}: there is nothing to compare with."
        return Section("change", title, lead, (), short)
    blocks: list[Block] = []
    for each in between.changes:
        blocks += _blocks_of(each)
    blocks += _limits(past)
    lead = f"Calls of {_days(between.days)} beside those of {_days(between.before)}, in the currencies billed."
    return Section("change", title, lead, tuple(blocks), short)


def change_facts(past: Past) -> list[Fact]:
    """How much more or less calls cost, for the summary; nothing where there is nothing to compare with."""
    between = past.compared
    if not between.spent or not between.spent_before:
        return []
    label = f"Change against {_days(between.before)}"
    if past.into:
        now, before = shown_total(between.spent, past.into), shown_total(between.spent_before, past.into)
        if now is None or before is None or now.exact is None or before.exact is None:
            return [Fact(label, Money(None, past.into.currency), "a day has no exchange rate")]
        found = [_fact(label, past.into.currency, before.exact, now.exact)]
    else:
        found = [_fact(label, each.currency, Fraction(each.before), Fraction(each.now)) for each in between.changes]
    return (
        [fact._replace(note=f"{fact.note}; {_SHORT.format(past.begins)}") for fact in found] if _short(past) else found
    )


def change_words(past: Past) -> list[str]:
    """The two causes that moved most in each currency, in a sentence."""
    found = []
    for each in past.compared.changes:
        if each.before and each.now and each.now != each.before:
            ranked = sorted((cause for cause in each.causes if cause.pico), key=lambda cause: -abs(cause.pico))
            told = [f"{CAUSES[cause.name][0].lower()} ({_signed(cause.pico, each.currency)})" for cause in ranked[:2]]
            found.append(
                f"Calls billed in {each.currency} cost {_more(each)} than in the period before, mostly: "
                f"{', '.join(told)}."
            )
    return found


def _more(change: Change) -> str:
    difference = change.now - change.before
    return f"{money_text(abs(difference), change.currency)} {'more' if difference > 0 else 'less'}"


def _short(past: Past) -> bool:
    """Whether the data begins within the period before."""
    return past.begins is not None and past.begins > past.compared.before.first


def _fact(label: str, currency: str, before: Fraction, now: Fraction) -> Fact:
    difference = Money(round(now - before), currency)
    if not before:
        return Fact(label, difference, "calls cost nothing then")
    return Fact(label, difference, f"{share_of_change(before, now)} than {money_text(round(before), currency)}")


def share_of_change(before: Fraction, now: Fraction) -> str:
    """``12.3% more``, of something that is not 0."""
    part = (now - before) / before
    return share_text(abs(part.numerator), part.denominator) + (" more" if part >= 0 else " less")


def _blocks_of(change: Change) -> list[Block]:
    currency, difference = change.currency, change.now - change.before
    facts = Facts(
        f"change_{currency.lower()}",
        (
            Fact(f"Before, in {currency}", Money(change.before, currency)),
            Fact("In the period", Money(change.now, currency)),
            Fact("Difference", Money(difference, currency)),
            Fact("Of before", Share(difference / change.before if change.before else None)),
        ),
    )
    blocks: list[Block] = [facts]
    if change.before and difference:
        blocks.append(_waterfall(change))
    blocks.append(_causes(change))
    if change.moved:
        blocks.append(_moved(change))
    return blocks


def _waterfall(change: Change) -> Waterfall:
    steps = tuple(Step(CAUSES[cause.name][0], cause.pico) for cause in change.causes)
    told = ", ".join(f"{step.name.lower()} {_signed(step.pico, change.currency)}" for step in steps if step.pico)
    alt = (
        f"From {money_text(change.before, change.currency)} before to {money_text(change.now, change.currency)} in the "
        f"period: {told}."
    )
    ends = Step("Before", change.before), Step("In the period", change.now)
    title = f"From the period before to this one, {change.currency}"
    return Waterfall(f"change_steps_{change.currency.lower()}", title, alt, change.currency, ends[0], steps, ends[1])


def _causes(change: Change) -> Table:
    difference = Money(change.now - change.before, change.currency)
    return Table(
        f"change_causes_{change.currency.lower()}",
        f"Why, {change.currency}",
        COLUMNS,
        tuple(_cause(cause, change.currency) for cause in change.causes),
        (("Difference", difference, None, None, None),),
    )


def _cause(cause: Cause, currency: str) -> tuple[Cell, ...]:
    name, how = CAUSES[cause.name]
    return (
        name,
        Money(cause.pico, currency),
        _size(cause, cause.was, currency),
        _size(cause, cause.now, currency),
        how,
    )


def _size(cause: Cause, value: Fraction | None, currency: str) -> str | None:
    if value is None:
        return None
    if cause.name == "cache share":
        return share_text(value.numerator, value.denominator)
    if cause.name == "price":
        return money_text(round(value), currency)
    unit = "tokens" if cause.name == "tokens per request" else "calls"
    return f"{count_text(round(value))} {unit}"


def _moved(change: Change) -> Table:
    rows = [_moved_row(each, change.currency) for each in change.moved[:MOST_MOVED]]
    left = len(change.moved) - len(rows)
    notes = (f"{count_text(left)} more moved less.",) if left > 0 else ()
    key, title = f"change_moved_{change.currency.lower()}", f"What moved, {change.currency}"
    return Table(key, title, MOVED_COLUMNS, tuple(rows), notes=notes)


def _moved_row(each: Moved, currency: str) -> tuple[Cell, ...]:
    before, now, difference = (Money(pico, currency) for pico in (each.before, each.now, each.now - each.before))
    return each.kind, each.name, before, now, difference


def _limits(past: Past) -> list[Block]:
    """What a comparison may not be taken for."""
    between, said = past.compared, []
    if between.days.number != between.before.number:
        said.append(f"The stretches have {between.days.number} and {between.before.number} days; both are taken whole.")
    if _short(past):
        said.append(f"{_SHORT.format(past.begins).capitalize()}.")
    if past.through and between.days.last < past.spend.context.last:
        said.append(f"The data goes through {past.through}: the days up to then are compared with as many before.")
    unknown = _unknown(between.spent) + _unknown(between.spent_before)
    if unknown:
        said.append(f"{count_text(unknown)} calls of unknown cost, in both stretches together, are in no amount here.")
    return [Words(tuple(said))] if said else []


def _unknown(spent: Sequence[Spent]) -> int:
    return sum(each.calls.unpriced for each in spent)


def _days(days: Days) -> str:
    return f"{days.first} to {days.last}"


def _signed(pico: int, currency: str) -> str:
    return ("+" if pico > 0 else "") + money_text(pico, currency)
