"""What a report is to be of: its kind, period, currency, plans and formats."""

from pathlib import Path

import streamlit as st

from app.allocation_rule import WORDS
from app.components.entered import Edition, edition_of_state
from app.components.filters import today_of
from app.components.page import Run
from app.periods import Period
from app.report_kinds import KINDS, Kind, Wanted, is_month, periods_between, usual_of
from warehouse.connection import silent
from warehouse.fx_library import library_currencies
from warehouse.launch_plans import list_launch_plans
from warehouse.scenarios import list_scenarios
from warehouse.traffic import traffic_span

AS_PRICED = "As priced"
OTHER_DAYS = "Other days"
MOST_SCENARIOS = 5
RULES = {
    "cost": "In proportion to cost",
    "tokens": "In proportion to tokens",
    "requests": "In proportion to calls",
    "even": "Evenly",
}


def choose_report(run: Run) -> Wanted | None:
    """Show the controls and say what they are set to; None where something is missing, which is said."""
    name = st.segmented_control(
        "Report",
        list(KINDS),
        default=next(iter(KINDS)),
        required=True,
        format_func=lambda each: KINDS[each].title,
        key="report",
        bind="query-params",
        label_visibility="collapsed",
    )
    assert name
    kind = KINDS[name]
    st.caption(kind.about)
    with st.grid(4, min_column_width=180, gap="small"):
        period = _choose_period(run, kind)
        currency = _choose_currency(run.desk.root) if kind.converted else None
        rule, team = _choose_chargeback(run) if name == "chargeback" else (None, None)
        scenarios, launch = _choose_plans(run.desk.root) if kind.planned else ((), None)
        feeds = _choose_feeds() if name == "feeds" else ()
    formats = st.pills(
        "Formats",
        kind.formats,
        selection_mode="multi",
        default=kind.usual,
        format_func=_title_of,
        key=f"report_formats_{name}",
    )
    if not kind.scoped and run.scope.values:
        st.caption("A chargeback is of all traffic: the filters above do not narrow it.")
    missing = _missing(period, tuple(formats), name, feeds) or _too_narrow(feeds, run.scope.dimensions)
    if missing or period is None:
        st.info(missing, icon=":material/touch_app:")
        return None
    return Wanted(name, period, run.scope, tuple(formats), currency, scenarios, launch, rule, team, feeds)


def _missing(period: str | None, formats: tuple[str, ...], name: str, feeds: tuple[str, ...]) -> str:
    if period is None:
        return "Choose the first and the last day."
    if not formats:
        return "Choose a format, or several."
    return "Choose a feed, or several." if name == "feeds" and not feeds else ""


def _too_narrow(names: tuple[str, ...], dimensions: set[str]) -> str:
    """Which feeds know nothing of a filter, as the command would refuse it."""
    from reports.feeds.registry import FEEDS

    for name in names:
        if unknown := sorted(dimensions - {*FEEDS[name].narrowed_by}):
            return f"The feed {name} is not narrowed by {unknown[0]}: clear that filter, or leave the feed out."
    return ""


def _title_of(form: str) -> str:
    return {"pdf": "PDF", "xlsx": "Workbook", "html": "HTML", "csv": "CSV", "parquet": "Parquet"}[form]


def _choose_period(run: Run, kind: Kind) -> str | None:
    """A period as the command line takes it; None where its days are not chosen yet."""
    today = today_of(run.choices)
    span = run.desk.ask(traffic_span, today)
    periods = periods_between(span.first or today, span.begun or today)
    if kind.monthly:
        periods = [each for each in periods if is_month(each)]
    names = [each.name for each in periods] + ([] if kind.monthly else [OTHER_DAYS])
    chosen = st.selectbox(
        "Month of the report" if kind.monthly else "Period of the report",
        names,
        index=usual_of(periods, today),
        format_func=lambda name: _period_title(name, periods, run),
        key="report_month" if kind.monthly else "report_period",
        bind="query-params",
    )
    if chosen != OTHER_DAYS:
        return chosen
    days = st.date_input("First and last day", [], key="report_days", format="YYYY-MM-DD")
    return f"{days[0]}..{days[1]}" if isinstance(days, tuple) and len(days) == 2 else None


def _period_title(name: str, periods: list[Period], run: Run) -> str:
    found = next((each for each in periods if each.name == name), None)
    return f"{name} (not over)" if found and found.last >= today_of(run.choices) else name


def _choose_currency(root: Path) -> str | None:
    chosen = st.selectbox(
        "Currency",
        [AS_PRICED, *_currencies(edition_of_state(root))],
        key="report_currency",
        bind="query-params",
        help="Converted for display, with the rate's source and day in the report.",
    )
    return None if chosen == AS_PRICED else chosen


@st.cache_data(max_entries=10, show_spinner=False)
def _currencies(edition: Edition) -> list[str]:
    from warehouse.fx import coverage_of_rates

    known = coverage_of_rates(Path(edition[0]), tell=silent)
    own = {code for each in known if each.own for code in (each.base, each.quote)}
    return sorted(own | set(library_currencies()) | {"EUR"})


def _choose_chargeback(run: Run) -> tuple[str | None, str | None]:
    rule = st.selectbox(
        "Shared cost is divided",
        WORDS,
        index=None,
        placeholder="As the settings say",
        format_func=RULES.__getitem__,
        key="report_rule",
        help="Unless `chargeback_rule` in tollbook.toml says otherwise: in proportion to cost. Fixed shares from a "
        "file: `tollbook report chargeback --rule FILE`.",
    )
    team = st.selectbox(
        "Statement", run.choices.values["team"], index=None, placeholder="Of every team", key="report_team"
    )
    return rule, team


def _choose_plans(root: Path) -> tuple[tuple[str, ...], str | None]:
    edition = edition_of_state(root)
    scenarios = st.multiselect(
        "Scenarios",
        _scenarios(edition),
        placeholder="Every saved one",
        max_selections=MOST_SCENARIOS,
        key="report_scenarios",
    )
    launch = st.selectbox(
        "Launch plan", _launch_plans(edition), index=None, placeholder="The newest saved one", key="report_launch"
    )
    return tuple(scenarios), launch


@st.cache_data(max_entries=10, show_spinner=False)
def _scenarios(edition: Edition) -> list[str]:
    return list(dict.fromkeys(each.name for each in list_scenarios(Path(edition[0]), tell=silent)))


@st.cache_data(max_entries=10, show_spinner=False)
def _launch_plans(edition: Edition) -> list[str]:
    return list(dict.fromkeys(each.name for each in list_launch_plans(Path(edition[0]), tell=silent)))


def _choose_feeds() -> tuple[str, ...]:
    from reports.feeds.registry import FEEDS

    return tuple(st.multiselect("Feeds", list(FEEDS), default=["usage_day"], key="report_feeds"))
