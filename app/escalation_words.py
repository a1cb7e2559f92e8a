"""Escalations in words: the same on the command line and on the page."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from analysis.calibration import FIRST, MOST, Tried
from analysis.escalation import RouteCheck
from analysis.intervals import Interval
from app.escalation_loops import Hint, Whole
from app.escalations import Bill, Escalations, Money
from app.figures import rounded, share, things
from warehouse.loops import LoopKind

SIGNS = {
    "unexplained_output": "unexplained output",
    "prompt_bump": "prompt bump",
    "billed_otherwise": "billed at other rates",
}
REASONS = {
    "advisor": "adviser's turns",
    "fallback": "fallback",
    "other_model": "another model than asked",
    "other_provider": "another provider than asked",
    "second_model": "a second model in the task",
}
LIMITS = (
    "A route that escalates from its first calls on looks like one on which thinking is billed and not reported: it is "
    "not checkable. Where sizes of messages were recorded and every call hides as much, that is taken for usual.",
    "A longer answer that is shown comes back with the next step: a larger model that writes it looks like any other.",
    "Hidden output that is reported as reasoning is not seen, nor one that is smaller than what came in beside the "
    "answer; where sizes were recorded: than the spread of tokens per character allows.",
    "Where thinking is not reported, an answer cannot be told from it: the output of such a call is not checkable, "
    "unless its model is known not to think, or its thinking was delivered and the size of that recorded.",
    "The last step of a task, a step before another provider or model, and one after which the prompt shrank have no "
    "next prompt to be held against; sizes of messages need none.",
    "A larger model at the same price per token, whose tokens are all shown, leaves no trace in usage.",
    "Who did it cannot be told: a hidden draft, a retry at the seller and a larger model are billed alike.",
)
"""What usage does not tell."""
Write = Callable[[int, str], str]
"""How an amount is written."""


def plain_money(pico: int, currency: str | None) -> str:
    """An amount for the eye, as the command line writes it."""
    return f"{rounded(Fraction(pico))} {currency or ''}".strip()


def verdict(found: Escalations, write: Write = plain_money) -> list[str]:
    """What it comes to, in sentences; never that there was none."""
    checked = f"{found.found.checkable:,} of {things(found.found.calls, 'call')}"
    part = share(found.found.checkable, found.found.calls)
    alone = found.found.checkable - found.found.followed
    limit = f", {things(alone, 'call')} by the prompt alone" if alone else ""
    if found.found.by_size:
        limit += f", {things(found.found.by_size, 'call')} by the sizes of messages"
    lines = []
    for line in found.suspected:
        amount = f", at least {write(line.at_least, line.currency)}" if line.currency and line.at_least else ""
        lines.append(
            f"{things(line.calls, 'call')} in {things(line.tasks, 'task')}: {SIGNS[line.sign]} of at least "
            f"{line.tokens:,} tokens{amount}."
        )
    apart = [bill for bill in found.bills if bill.bills.apart and not bill.card_is_wrong]
    if apart:
        bills = sum(bill.bills.compared for bill in found.bills)
        lines.append(f"{sum(bill.bills.apart for bill in apart):,} of {things(bills, 'bill')} differ from the card.")
    if not lines and found.found.checkable:
        lines.append(f"No evidence in {checked} that could be checked ({part}){limit}.")
    elif not found.found.checkable:
        lines.append(f"Not checkable: none of {things(found.found.calls, 'call')} could be checked.")
    else:
        lines.append(f"{checked} could be checked ({part}){limit}.")
    if found.said:
        calls = sum(line.calls for line in found.said)
        lines.insert(0, f"The logs themselves say it of {things(calls, 'call')}.")
    return lines


def money_line(money: Money, write: Write = plain_money) -> str:
    """What share of the tasks' cost was escalated, with its interval where there is one."""
    whole = f"Of {write(money.cost, money.currency)}, the cost of {things(money.tasks, 'task')}"
    parts = [
        f"{write(amount, money.currency)} {what}{_interval(found.low, found.high, money, write, found.why)}"
        for what, amount, found in (
            ("is other models' work by the logs", money.said, money.said_share),
            ("at least was billed and not shown", money.at_least, money.at_least_share),
        )
        if amount
    ]
    return f"{whole}: {'; '.join(parts)}." if parts else ""


def _interval(low: float | None, high: float | None, money: Money, write: Write, why: str | None) -> str:
    if low is None or high is None:
        return f" ({why})" if why else ""
    ends = [write(round(max(0.0, end) * money.cost), money.currency) for end in (low, high)]
    return f" (95%: {ends[0]} to {ends[1]} for tasks like these{'; ' + why if why else ''})"


def route_name(route: Sequence[str | None]) -> str:
    """``openrouter, Google: google/gemini-3-pro-preview``; chat is what most calls are, and goes without saying."""
    seller, base_url, upstream, operation, model = route
    names = (seller or base_url or "unknown seller", upstream, operation if operation != "chat" else None)
    return f"{', '.join(filter(None, names))}: {model or 'unknown model'}"


def why_not(check: RouteCheck) -> str:
    """What keeps a route from being checked; nothing where both rules hold."""
    unknown = [f"thinking of {things(check.uncounted, 'call')} is not reported"] if check.uncounted else []
    rules = (("output", check.output), ("prompts", check.prompt))
    tried_rules = [rule for rule in rules if rule[1].checked or not unknown]
    reasons = unknown + [f"{what}: {_tried(tried)}" for what, tried in tried_rules if not tried.holds]
    reasons += [f"sizes: {_tried(each.tried)}" for each in check.sized if each.tried.checked and not each.tried.holds]
    checked = max([check.output.checked, *(each.tried.checked for each in check.sized)])
    few = "" if checked >= FIRST or reasons else f"tried on {checked} calls, of {FIRST}"
    return "; ".join(reasons) or few


def _tried(tried: Tried) -> str:
    if not tried.checked:
        return "no call to try"
    return f"{tried.broken} of the first {tried.checked} calls break the rule (at most {MOST:.0%} may)"


def bill_line(bill: Bill) -> str:
    """What the bills of one kind of call say of its card."""
    name = route_name(bill.kind.route)
    if not bill.card_is_wrong:
        return f"{name}: {bill.bills.apart:,} of {things(bill.bills.compared, 'bill')} differ from the card."
    return (
        f"{name}: most bills differ from the card ({bill.bills.apart:,} of {bill.bills.compared:,}), so no call is "
        "told of; see tollbook reconcile."
    )


def left_out_line(found: Escalations) -> str:
    """What was not read, and why; nothing where all was."""
    left = found.left_out
    older = left.tasks - left.too_long
    parts = []
    if older:
        parts.append(f"{things(older, 'older task')}: narrow the period to see them, or use tollbook escalations")
    if left.too_long:
        parts.append(f"{things(left.too_long, 'task')} of too many calls to be one loop")
    return f"Not read: {'; '.join(parts)}; {things(left.calls, 'call')} in all." if parts else ""


def hint_line(hint: Hint) -> str:
    """A change from one batch of tasks to the next, as a hint."""
    shift = hint.shift
    return (
        f"Hint, no verdict: {hint.measure} of {route_name(hint.kind.route)} were {shift.factor:.2f} times those before "
        f"({shift.low:.2f} to {shift.high:.2f}) over {shift.tasks} tasks from {hint.task} on."
    )


def span(of: Interval, currency: str, write: Write = plain_money) -> str:
    """``$0.0888 ($0.0731 to $0.1064)``: a mean and its interval, or why there is none."""
    if of.estimate is None:
        return "unknown"
    known = of.low is not None and of.high is not None
    ends = " to ".join(write(round(end), currency) for end in (of.low, of.high) if end is not None)
    return f"{write(round(of.estimate), currency)} ({ends if known else of.why})"


def whole_line(whole: Whole) -> str:
    """Loops beside loops at high effort."""
    which = "with a sign" if whole.with_signs else "without a sign"
    loops, baseline, difference = whole.compared
    sides = (
        f"{things(loops.clusters, 'loop')} {which}: {span(loops, whole.currency)} each; {baseline.clusters:,} at high "
        f"effort on {whole.model}: {span(baseline, whole.currency)} each"
    )
    if difference is None:
        return f"{sides}; not the same work, so the difference says little."
    apart = f"{span(difference, whole.currency)} apart"
    return f"{sides}; {apart} over {things(difference.clusters, 'piece')} of the same work. Intervals are 95%."


def models_of(kind: LoopKind) -> str:
    """``asked → served`` where they differ, else the one that is known."""
    asked, served = kind.model_requested, kind.model_served
    return f"{asked} → {served}" if asked and served and asked != served else served or asked or "unknown"
