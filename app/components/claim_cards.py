"""One claim beside our own measurement: both figures, what can be said, and how the two set-ups differ."""

import streamlit as st

from analysis.claims import Status
from app.claim_evidence import Measurement
from app.claimed import Beside
from app.commands.claims import figure, source_text
from app.components.formats import literal, plural

ICONS: dict[Status, str] = {
    "unverified": ":material/help:",
    "consistent": ":material/check_circle:",
    "contradicted": ":material/error:",
}
COLORS: dict[Status, str] = {"unverified": "gray", "consistent": "green", "contradicted": "orange"}


def show_claim(each: Beside) -> None:
    """The claim, the measurement, the verdict; the rest behind a click."""
    claim, own = each.claim, each.own
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{literal(claim.model)}: {literal(claim.about)}**", width="content")
            status = each.verdict.status
            st.badge(status, icon=ICONS[status], color=COLORS[status])  # type: ignore[arg-type]
        left, right = st.columns(2)
        left.metric(f"Claimed, {claim.unit}", literal(claim.text))
        left.caption(_said_by(each))
        right.metric("Measured here", "–" if own is None else literal(_figure(own)))
        right.caption(literal(_how(each)))
        st.caption(literal(f"{each.verdict.why[:1].upper()}{each.verdict.why[1:]}."))
        if own is not None:
            with st.expander(_summary(each), icon=":material/compare_arrows:"):
                for line in _details(each):
                    st.markdown(f"- :small[{literal(line)}]")


def _said_by(each: Beside) -> str:
    claim = each.claim
    parts = [f"{claim.status}, by {claim.by}, {claim.date}"]
    if claim.comparator:
        parts.append(f"against {claim.comparator.text}")
    parts += [text for text in (claim.conditions, claim.harness) if text]
    return literal("; ".join(parts) + ". " + source_text(claim).split(": ", 1)[1])


def _figure(own: Measurement) -> str:
    return "–" if own.found.estimate is None else figure(own.found.estimate)


def _how(each: Beside) -> str:
    own = each.own
    if own is None:
        return "No task, answer or evaluation here is about it."
    parts = [_interval(own), plural(own.sample, own.of)]
    if each.relation:
        parts.append(each.relation)
    return ", ".join(parts)


def _interval(own: Measurement) -> str:
    if own.found.low is None or own.found.high is None:
        return "no interval"
    return f"95%: {figure(own.found.low)} to {figure(own.found.high)}"


def _summary(each: Beside) -> str:
    decisive = sum(gap.is_decisive for gap in each.differences)
    return f"{plural(decisive, 'decisive difference')} in set-up, {len(each.differences) - decisive} other"


def _details(each: Beside) -> list[str]:
    lines = [f"{'Decisive: ' * gap.is_decisive}{gap.says}" for gap in each.differences]
    lines += [f"{part.what}: {_figure(part)} ({_interval(part)}), {plural(part.sample, part.of)}" for part in each.also]
    if each.claim.comparator and each.comparator:
        part = each.comparator
        lines.append(
            f"{each.claim.comparator.model} here: {_figure(part)} ({_interval(part)}), {plural(part.sample, part.of)}"
        )
    if each.own:
        lines += [f"Left out: {plural(number, each.own.of)} {why}" for number, why in each.own.left_out]
    return lines
