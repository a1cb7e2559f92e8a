"""How well the forecast would have done on its own past, in one sentence and a small table."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.components.columns import right
from app.components.formats import literal, plural
from app.components.tables import show_frame
from planning.backtest import Score

COLUMNS = ("Error", "Run-rate's error", "Period before's error", "In the 80% band")
FEW = 4
"""So few forecasts say little."""


def show_backtest(scores: Sequence[Score]) -> None:
    """The sentence about the horizon that most is known of, then every horizon."""
    st.header("How good is this forecast?")
    told = [score for score in scores if score.trials and score.error is not None]
    if not told:
        st.caption(literal(f"Not known yet: {scores[0].why_not or 'nothing came in the days tried'}."))
        return
    st.markdown(literal(_sentence(max(told, key=lambda score: (len(score.trials), score.horizon == "month's end")))))
    show_frame(
        pd.DataFrame([_row(score) for score in scores if score.trials]),
        hide_index=True,
        height="content",
        alt="Backtest: error of the total and coverage of the band, by horizon",
        column_config=right(("Forecasts", *COLUMNS)),
    )
    notes = [f"{score.horizon}: {score.why_not}." for score in scores if score.why_not]
    notes.append("Each forecast was made again from what was known on that day; priced at today's rates throughout.")
    st.caption(literal(" ".join(note[:1].upper() + note[1:] for note in notes)))


def _sentence(score: Score) -> str:
    count = plural(len(score.trials), "past forecast")
    of = "of the month's end" if score.horizon == "month's end" else f"of {score.horizon}"
    beside = [f"a run-rate {_percent(score.run_rate)}"] if score.run_rate is not None else []
    beside += [f"the period before {_percent(score.last_period)}"] if score.last_period is not None else []
    others = f"; {' and '.join(beside)}" if beside else ""
    few = " So few say little." if len(score.trials) < FEW else ""
    return (
        f"{count} {of} missed the total by {_percent(score.error)} (median){others}. "
        f"The 80% band held what came {score.covered} of {len(score.trials)} times.{few}"
    )


def _row(score: Score) -> dict[str, str]:
    errors = map(_percent, (score.error, score.run_rate, score.last_period))
    inside = f"{score.covered} of {len(score.trials)}"
    return {
        "Horizon": score.horizon.capitalize(),
        "Forecasts": str(len(score.trials)),
        **dict(zip(COLUMNS, (*errors, inside), strict=True)),
    }


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    return f"{100 * share:.1f}%" if share < 0.1 else f"{100 * share:.0f}%"
